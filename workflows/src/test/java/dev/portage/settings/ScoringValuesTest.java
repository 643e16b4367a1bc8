package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScoringValuesTest {
  private static final Map<String, String> VALUES =
      Map.of(
          "model_uri", "models:/churn/3",
          "model_version", "3",
          "table", "main.ml.predictions",
          "batch_id", "b$1",
          "promotion_id", "promotion/churn/a");

  @Test
  void theFiveValuesAreAddedAndReplaceTheFiles() {
    Map<String, String> given = Map.of("table", "mine", "rows", "10");

    assertThat(ScoringValues.parameters(notebook(given), given, VALUES))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "rows", "10",
                "model_uri", "models:/churn/3",
                "model_version", "3",
                "table", "main.ml.predictions",
                "batch_id", "b$1",
                "promotion_id", "promotion/churn/a"));
  }

  /** A widget named table may be the input; runs are told apart by the promotion. */
  @Test
  void aNotebookMayPlaceThemUnderItsOwnNames() {
    Map<String, String> given =
        Map.of("1. Model URI", "{model_uri}", "table", "wine", "promotion_id", "none");

    Map<String, String> parameters = ScoringValues.parameters(notebook(given), given, VALUES);

    assertThat(parameters)
        .containsEntry("1. Model URI", "models:/churn/3")
        .containsEntry("table", "wine")
        .containsEntry("model_version", "3")
        .containsEntry("promotion_id", "promotion/churn/a");
  }

  /** A program may reject an unknown option, as argparse does. */
  @Test
  void aProgramThatPlacesThemGetsNothingElse() {
    Map<String, String> given = Map.of("model", "{model_uri}", "note", "v{model_version} of {x}");

    assertThat(ScoringValues.parameters(script(given, null), given, VALUES))
        .isEqualTo(Map.of("model", "models:/churn/3", "note", "v3 of {x}"));
  }

  @Test
  void aCommandLineHasThemWherePlaced() {
    Work work = script(Map.of(), List.of("score", "--model={model_uri}", "{batch_id}"));

    assertThat(ScoringValues.parameters(work, Map.of(), VALUES)).isEmpty();
    assertThat(ScoringValues.withArguments(work, VALUES))
        .isEqualTo(script(Map.of(), List.of("score", "--model=models:/churn/3", "b$1")));
  }

  @Test
  void referencesOfDatabricksAndOtherBracesStay() {
    Map<String, String> given = Map.of("a", "{{table}}", "b", "{\"table\": 1}", "c", "{table }");

    assertThat(ScoringValues.hasPlaces(script(given, null))).isFalse();
    assertThat(ScoringValues.parameters(script(given, null), given, VALUES))
        .containsAllEntriesOf(given);
  }

  @Test
  void onlyVersionPlaceholdersNameTheVersion() {
    assertThat(ScoringValues.hasPlaceOfVersion(script(Map.of("t", "{table}"), null))).isFalse();
    assertThat(ScoringValues.hasPlaceOfVersion(script(Map.of(), List.of("{model_version}"))))
        .isTrue();
  }

  private static Work notebook(Map<String, String> parameters) {
    return new Work.Notebook("score.py", parameters, Duration.ofHours(1));
  }

  private static Work script(Map<String, String> parameters, @Nullable List<String> arguments) {
    return new Work.Script("score.py", parameters, arguments, Duration.ofHours(1), null);
  }
}
