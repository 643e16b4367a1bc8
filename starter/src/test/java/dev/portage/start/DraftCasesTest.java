package dev.portage.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.settings.ServeCase;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file with the cases of a smoke test, as a draft takes it from the commit. */
class DraftCasesTest extends DraftWorld {
  private static final String TABLE = "age,prediction\n41,0.31\n";

  DraftCasesTest(@TempDir Path folder) {
    super(folder);
    repository
        .write("churn/promotion.yaml", FILE + "serve: {cases: tests/cases.csv}\n")
        .write("churn/tests/cases.csv", TABLE)
        .commit("cases");
  }

  @Test
  void aStartTakesThemFromTheCommitAndTheirHashCounts() {
    Draft draft = maker(request(null, null, null)).forStart();

    assertThat(draft.start().settingsOrder().cases())
        .isEqualTo(
            "[{\"name\":\"line 2\",\"request\":{\"dataframe_split\":{\"columns\":[\"age\"],"
                + "\"data\":[[41]]}},\"answer\":{\"predictions\":[0.31]},\"tolerance\":1.0E-6}]");
    assertThat(Objects.requireNonNull(draft.file().serve()).cases())
        .extracting(ServeCase::name)
        .containsExactly("line 2");

    repository.write("churn/tests/cases.csv", TABLE.replace("31", "32")).commit("other");
    assertThat(maker(request(null, null, null)).forStart().start().fileHash())
        .isNotEqualTo(draft.start().fileHash());
  }

  @Test
  void changedOnesAreRefusedByAStartAndUsedByAPlan() {
    repository.write("churn/tests/cases.csv", TABLE + "42,0.4\n");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("churn/tests/cases.csv differs from commit");
    Draft plan = maker(request(null, null, null)).forPlan();
    assertThat(plan.asCommitted()).isFalse();
    assertThat(Objects.requireNonNull(plan.file().serve()).cases()).hasSize(2);
    assertThat(plan.notes())
        .anyMatch(note -> note.contains("tests/cases.csv differs from commit"))
        .noneMatch(note -> note.startsWith("not part of commit"));
  }

  @Test
  void aFileThatIsMissingOrWrongIsSaidWithItsLine() {
    repository.write("churn/tests/cases.csv", "age,prediction\n41\n").commit("wrong");
    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("churn/tests/cases.csv:2: the line has 1 values for 2 columns");

    repository.git("rm", "-q", "churn/tests/cases.csv");
    repository.write("churn/other.txt", "x").commit("gone");
    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("churn/tests/cases.csv is not in commit");
    repository.write("churn/promotion.yaml", FILE + "serve: {cases: tests/cases.csv} # new\n");
    assertThatThrownBy(() -> maker(request(null, null, null)).forPlan())
        .hasMessageContaining("serve.cases names tests/cases.csv, which can't be read");
  }
}
