package dev.portage.databricks;

import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.settings.ScoringValues;
import dev.portage.text.Bounded;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether another model's scoring job writes into the table of this one: readers would get the rows
 * of both. Nothing forbids it, so it is told and not refused.
 */
final class SharedTable {

  /** Someone waits for the answer. */
  private static final int MOST_PAGES = 5;

  private static final int MOST_NAMED = 5;

  private final DatabricksApi api;

  SharedTable(DatabricksApi api) {
    this.api = api;
  }

  /**
   * Looks at the jobs that the login sees.
   *
   * @param table full name of the table
   * @param model full name of the registered model that scores into it
   */
  Optional<Finding> look(String table, String model) {
    List<String> others =
        new StoredJobs(api)
            .newestWithTasks("find jobs that score into " + table, MOST_PAGES).stream()
                .filter(job -> JobTags.model(job.settings()) != null)
                .filter(job -> values(job, ScoringValues.TABLE).anyMatch(table::equalsIgnoreCase))
                .filter(job ->
                    values(job, ScoringValues.MODEL_URI).anyMatch(uri -> isOfAnother(uri, model)))
                .map(job ->
                    "job "
                        + job.id()
                        + " ("
                        + Bounded.line(job.settings().path("name").asText(), Bounded.NAME)
                        + ") of model "
                        + JobTags.model(job.settings()))
                .toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                api.workspace().where(),
                "table " + table,
                Verdict.NOTE,
                Bounded.listed(others, ", ", MOST_NAMED)
                    + " scores into it, too, so readers get the rows of both",
                "Name another table in promotion.yaml (batch: table), unless that is meant."));
  }

  /** Of a job whose settings are a file's, all values, since their names are the team's. */
  private static Stream<String> values(StoredJob job, String name) {
    return JobTags.of(job.settings(), JobTags.VERSION) == null
        ? Stream.ofNullable(JobDefinition.widget(job.settings(), name))
        : JobDefinition.values(job.settings());
  }

  private static boolean isOfAnother(String uri, String model) {
    return uri.startsWith("models:/")
        && !uri.toLowerCase(Locale.ROOT)
            .startsWith("models:/" + model.toLowerCase(Locale.ROOT) + "/");
  }
}
