package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.temporal.Payloads;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watch of a released version in the commands that are about a promotion. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
@Tag("S2.35")
class LiveWatchCommandTest {

  private Town town;

  @BeforeAll
  void aTown(@TempDir Path folder) throws IOException {
    town = new Town(folder).working();
  }

  @AfterAll
  void theTownCloses() throws IOException {
    town.close();
  }

  private void begins(String id) {
    town.client()
        .newUntypedWorkflowStub(
            "LiveWatchWorkflow",
            WorkflowOptions.newBuilder().setWorkflowId(id).setTaskQueue(Queues.PORTAGE).build())
        .start(null, null);
  }

  @Test
  void oneThatTookAVersionBackIsShownAndEndsAsRejected() throws IOException {
    begins("watch/prod/churn/4");

    Town.Ran watched = town.run("watch", "watch/prod/churn/4");
    assertThat(watched.code()).isEqualTo(ExitCode.REJECTED);
    assertThat(watched.out())
        .contains("watch/prod/churn/4  REJECTED")
        .contains("5 of 5 requests by Portage failed")
        .contains("portage unfreeze --model churn");
    assertThat(town.run("status", "watch/prod/churn/4").out())
        .contains("Watch of version 4 of churn in prod: REJECTED");
    assertThat(town.run("report", "watch/prod/churn/4", "--output", "markdown").out())
        .contains("# Watch of version 4 of churn in prod");
    assertThat(
            Payloads.mapper()
                .readTree(town.run("status", "watch/prod/churn/4", "--output", "json").out())
                .path("version")
                .asText())
        .isEqualTo("4");
    assertThat(town.run("cancel", "watch/prod/churn/4").err()).contains("has ended");
    assertThat(town.run("resume", "watch/prod/churn/4", "--by", "kim@example.com").err())
        .containsPattern("watch/prod/churn/4 has ended: it is REJECTED since 20.* UTC, ");
    assertThat(town.run("watch", "watch/prod/churn/9").err())
        .contains("watch/prod/churn/9 does not exist; ");
  }

  @Test
  void oneThatRunsIsEndedByACancelAndAsksNobody() {
    begins("watch/prod/churn/3");

    for (String verb : List.of("approve", "reject")) {
      Town.Ran decided = town.run(verb, "watch/prod/churn/3", "--by", "kim@example.com");
      assertThat(decided.code()).isEqualTo(ExitCode.WRONG);
      assertThat(decided.err()).contains("is a watch, which asks nobody");
    }
    for (String verb : List.of("proceed", "abort")) {
      Town.Ran ordered = town.run(verb, "watch/prod/churn/3", "--by", "kim@example.com");
      assertThat(ordered.code()).isEqualTo(ExitCode.WRONG);
      assertThat(ordered.err()).contains("is not a promotion: it moves no traffic");
    }
    Town.Ran cancelled = town.run("cancel", "watch/prod/churn/3", "--reason", "we look ourselves");

    assertThat(cancelled.code()).as(cancelled.err()).isEqualTo(ExitCode.DONE);
    assertThat(cancelled.out()).contains("watch/prod/churn/3  CANCELLED");
    assertThat(town.run("status", "watch/prod/nothing/1").err())
        .contains("watch/prod/nothing/1 does not exist");
  }
}
