package dev.portage.candidate;

import java.util.Optional;

/**
 * Where a candidate is now.
 *
 * @param model its files there
 * @param version its version there
 * @param lineage the chain so far, a line a link; each hop adds one and none takes any away
 */
public record Arrival(ModelLocation model, String version, String lineage) {

  /** The beginning of the chain, or where it had got to before. */
  public static Arrival atOrigin(Candidate candidate) {
    ModelLocation model = candidate.origin();
    String commit = candidate.commit();
    String link =
        link(model.workspace(), candidate.originModel(), candidate.originVersion(), model.runId());
    String before = candidate.lineage();
    return new Arrival(
        model,
        candidate.originVersion(),
        before == null ? link + (commit == null ? "" : " commit " + commit) : before + "\n" + link);
  }

  /** The same candidate, one hop further. */
  public Arrival then(ModelLocation copied, String registeredModel, String registered) {
    return new Arrival(
        copied,
        registered,
        lineage + "\n" + link(copied.workspace(), registeredModel, registered, copied.runId()));
  }

  /**
   * The version that a chain names in a workspace, the last where it names several.
   *
   * @return as "churn/3"; empty where it names none
   */
  public static Optional<String> versionIn(String workspace, String lineage) {
    return lineage
        .lines()
        .filter(link -> link.startsWith(workspace + " ") && link.contains(" run "))
        .map(link -> link.substring(workspace.length() + 1, link.lastIndexOf(" run ")))
        .reduce((earlier, later) -> later);
  }

  private static String link(String workspace, String model, String version, String run) {
    return workspace + " " + model + "/" + version + " run " + run;
  }
}
