package dev.portage.promotion;

import dev.portage.candidate.Arrival;
import dev.portage.candidate.Candidate;
import dev.portage.gate.Comparison;
import dev.portage.job.NotebookOrder;
import dev.portage.job.RunResult;
import dev.portage.job.Source;
import dev.portage.registry.Champion;
import dev.portage.registry.Tags;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.settings.Work;
import dev.portage.step.Attempt;
import dev.portage.text.Bounded;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Measures candidate and champion on the same data, by a notebook of the commit in the first
 * workspace, where both are: the champion as the version that it was copied from. Without such a
 * notebook each was measured by its own training, and nobody knows on what.
 */
final class Comparing {

  /** The champion's version was deleted where it was made. */
  private static final Pattern GONE =
      Pattern.compile("RESOURCE_DOES_NOT_EXIST|not found", Pattern.CASE_INSENSITIVE);

  private final Journey journey;
  private final Candidate candidate;
  private final String step;

  Comparing(Journey journey, Candidate candidate, Station target) {
    this.journey = journey;
    this.candidate = candidate;
    this.step = StepNames.hop(target, "evaluate");
  }

  /**
   * Compares.
   *
   * @param champion the target's, null for none
   * @return null where nothing is to be compared
   * @throws StepFailure when the notebook failed, or returned something else
   */
  @Nullable Comparison compare(@Nullable Champion champion, Attempt attempt) {
    Settings settings = journey.settings();
    Work work = settings.evaluate();
    if (work == null || champion == null) {
      return null;
    }
    Station origin = settings.first();
    String version = champion.version().version();
    String lineage = champion.version().tags().get(Tags.LINEAGE);
    Optional<String> was =
        lineage == null ? Optional.empty() : Arrival.versionIn(origin.workspace(), lineage);
    if (was.isEmpty()) {
      return Comparison.notMade(
          work.named(),
          version,
          "version "
              + version
              + " doesn't record which version of "
              + origin.workspace()
              + " it is");
    }
    Work measuring =
        work.with(
            Map.of(
                "candidate_uri",
                "models:/" + candidate.originModel() + "/" + candidate.originVersion(),
                "champion_uri",
                "models:/" + was.get()));
    RunResult result;
    try {
      result = run(origin, measuring, version, attempt);
    } catch (EndedRun ended) {
      String error = ended.result().error();
      if (error != null && error.contains(was.get()) && GONE.matcher(error).find()) {
        return Comparison.notMade(work.named(), version, Bounded.line(error, 150));
      }
      throw ended;
    }
    return Comparison.read(work.named(), version, result.exitValue())
        .orElseThrow(() ->
            Journey.userFailure(
                step,
                "read what " + work.named() + " measured",
                origin.workspace(),
                result.exitValue() == null
                    ? "it returned nothing"
                    : "it returned " + Bounded.line(result.exitValue(), 200),
                "End it with dbutils.notebook.exit(json.dumps(…)) of "
                    + Comparison.FORM
                    + ", in a new commit",
                true));
  }

  private RunResult run(Station origin, Work work, String version, Attempt attempt) {
    Source source = journey.source(step, work.named(), origin);
    NotebookOrder order =
        NotebookOrder.of(
            origin.workspace(),
            attempt.key() + "#" + version,
            journey.start().model() + " evaluate",
            source,
            work,
            journey.tags());
    return new NotebookRuns(journey, step, origin.workspace())
        .run(
            "compare with version " + version + " by " + work.named(),
            jobs -> jobs.submitNotebook(order),
            work,
            source.commit());
  }
}
