package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class HistoryCommandTest {

  private Town town;

  @BeforeAll
  void aTown(@TempDir Path folder) throws IOException {
    town = new Town(folder).working();
  }

  @AfterAll
  void theTownCloses() throws IOException {
    town.close();
  }

  @Test
  void aReleaseIsListedWithWhoWhenAndWhy() {
    Town.Ran ran = town.run("history", "churn");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out())
        .contains("history of churn")
        .contains("2026-01-02 03:04  release of version 3 in prod by dev@example.com")
        .contains("workflow promotion/churn/1")
        .contains("digest dddddddddddd")
        .contains("times: ")
        .doesNotContain("\u001b");
  }

  @Test
  void aTimeWithoutAZoneIsTakenAsOfThisMachineAndThatIsSaid() {
    Town.Ran ran = town.run("history", "churn", "--at", "2026-02-01 10:00");

    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.err()).contains("names no time zone: taken as 2026-02-01T10:00Z");
    assertThat(ran.out())
        .contains("what was live of churn at 2026-02-01 10:00")
        .contains("prod: version 3 since 2026-01-02T03:04:05Z");
  }

  @Test
  void anIncompleteAnswerIsAFailure() {
    Town.Ran ran = town.run("history", "silent");

    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.out()).contains("prod did not answer: no such thing → name another");
    assertThat(ran.err()).contains("incomplete");
  }

  @Test
  void wrongInputIsRefusedBeforeAnythingIsAsked() {
    assertThat(town.run("history", "churn", "--at", "2999-01-01").err())
        .contains("is in the future");
    assertThat(town.run("history", "churn", "--limit", "201").err()).contains("1 to 200");
    assertThat(town.run("history", "models:/churn/3").err()).contains("is not a model name");
    assertThat(town.run("history", "").err()).contains("is not a model name");
    assertThat(town.run("history").code()).isEqualTo(ExitCode.WRONG);
  }
}
