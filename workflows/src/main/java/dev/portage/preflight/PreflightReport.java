package dev.portage.preflight;

import dev.portage.plan.Plan;
import dev.portage.settings.Settings;
import dev.portage.tracking.Making;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The findings of a preflight.
 *
 * @param passed whether nothing failed
 * @param findings all findings, in order
 * @param settings effective settings, null for the doctor or when the file is wrong
 * @param plans what each hop will change; empty if something failed
 * @param championCommits commit of each target's champion, by workspace, as far as known
 * @param earlier id of a promotion that already made versions under the same id, null when there is
 *     none
 * @param making what a version or run that was trained elsewhere says of its making, null without
 *     one
 * @param withoutCommit targets that have a champion of which no commit is known, null in what
 *     earlier releases wrote
 */
public record PreflightReport(
    boolean passed,
    List<Finding> findings,
    @Nullable Settings settings,
    List<Plan> plans,
    Map<String, String> championCommits,
    @Nullable String earlier,
    @Nullable Making making,
    @Nullable List<String> withoutCommit) {

  public PreflightReport {
    findings = List.copyOf(findings);
    plans = List.copyOf(plans);
    championCommits = Map.copyOf(championCommits);
    withoutCommit = withoutCommit == null ? null : List.copyOf(withoutCommit);
  }

  /** One of a promotion that trains its model itself. */
  public PreflightReport(
      boolean passed,
      List<Finding> findings,
      @Nullable Settings settings,
      List<Plan> plans,
      Map<String, String> championCommits,
      @Nullable String earlier) {
    this(passed, findings, settings, plans, championCommits, earlier, null, null);
  }

  /** The same, with what was found besides. */
  public PreflightReport with(List<Finding> more) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(more);
    return new PreflightReport(
        passed && !Finding.anyFailed(more),
        all,
        settings,
        plans,
        championCommits,
        earlier,
        making,
        withoutCommit);
  }
}
