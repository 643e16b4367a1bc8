package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.TurnRequest;
import dev.portage.rollback.RollbackStart;
import dev.portage.temporal.Queues;
import dev.portage.watch.Rollbacks;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code portage rollback}: shows what would be restored, asks once, restores it. */
@Timeout(120)
class RollbackCommandTest {

  private static final String[] ROLLBACK = {"rollback", "churn", "--reason", "it doubles"};

  @AutoClose private final Town town;

  RollbackCommandTest(@TempDir Path folder) throws IOException {
    town = new Town(folder).working();
  }

  @Test
  void itShowsNowAndThenAndAsksOnce() {
    Town.Ran rolled = town.typing("Yes", ROLLBACK);

    assertThat(rolled.code()).as(rolled.err()).isEqualTo(ExitCode.DONE);
    assertThat(rolled.out())
        .contains("churn in prod: version 3 → version 2")
        .containsOnlyOnce("Roll back? [y/N]")
        .contains("rollback/prod/churn/1\n");
  }

  @Test
  void itSaysWhoHoldsTheTurnBeforeItAsks() {
    assertThat(town.typing("", ROLLBACK).out()).doesNotContain("is held by");
    holdsTheTurn(new TurnRequest("prod", "ml.churn", "promotion/churn/abc", "prod-1"));

    assertThat(town.typing("", ROLLBACK).out())
        .contains(
            "the turn of ml.churn in prod is held by promotion/churn/abc since"
                + " 2026-01-02T03:04:05Z: it is told to undo what it changed there");
  }

  @Test
  void withoutAYesNothingIsChanged() {
    Town.Ran refused = town.typing("", ROLLBACK);

    assertThat(refused.code()).isEqualTo(ExitCode.REJECTED);
    assertThat(refused.out())
        .contains("nothing was changed")
        .doesNotContain("rollback/prod/churn/1\n");
  }

  @Test
  void whereNobodyCanBeAskedYesHasToBeSaid() {
    Town.Ran refused = town.run(ROLLBACK);

    assertThat(refused.code()).isEqualTo(ExitCode.WRONG);
    assertThat(refused.err()).contains("nobody can be asked here").contains("--yes");
    assertThat(town.run("rollback", "churn", "--reason", "it doubles", "--yes").code())
        .isEqualTo(ExitCode.DONE);
  }

  @Test
  void whileAnotherOneRunsItNamesThatOneWhateverItFoundToBeLive() {
    String other = "rollback/prod/ml.live/3";
    new Rollbacks(town.connection())
        .start(other, new RollbackStart("live", "prod", "2", "why", "kim@example.com", null, null));
    holdsTheTurn(new TurnRequest("prod", "ml.live", other, "prod-1"));

    Town.Ran refused = town.run("rollback", "live", "--reason", "it doubles", "--yes");

    assertThat(refused.code()).isEqualTo(ExitCode.WRONG);
    assertThat(refused.err())
        .contains(other + " has not ended: it was started by kim@example.com at ")
        .contains("portage watch " + other)
        .doesNotContain("is live there already");
  }

  @Test
  void aRefusalNamesThePromotionThatHoldsTheTurnSinceWhatIsLiveMayChange() {
    assertThat(town.run("rollback", "live", "--reason", "it doubles", "--yes").err())
        .contains("version 2 is live there already")
        .doesNotContain("holds the turn");
    holdsTheTurn(new TurnRequest("prod", "ml.live", "promotion/live/abc", "prod-1"));

    assertThat(town.run("rollback", "live", "--reason", "it doubles", "--yes").err())
        .contains("version 2 is live there already")
        .contains(
            "promotion/live/abc holds the turn of ml.live there, so what is live may change:"
                + " portage status promotion/live/abc");
  }

  private void holdsTheTurn(TurnRequest holder) {
    LaneWorkflow lane =
        town.client()
            .newWorkflowStub(
                LaneWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(holder.laneId())
                    .setTaskQueue(Queues.PORTAGE)
                    .build());
    WorkflowClient.start(
        lane::run,
        new LaneState(holder, List.of(), 4L, null, Instant.parse("2026-01-02T03:04:05.678Z")));
  }
}
