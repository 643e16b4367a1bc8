package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
}
