package dev.portage.preflight;

import dev.portage.plan.Plan;
import dev.portage.settings.Settings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a preflight found.
 *
 * @param passed whether nothing is lacking
 * @param findings everything looked at, in order
 * @param settings effective settings, null for the doctor or when the file is wrong
 * @param plans what each hop will change; empty when something is lacking
 * @param championCommits commit of each target's champion, by workspace, as far as known
 * @param earlier id of a promotion that already made versions under the same id, null when there is
 *     none
 */
public record PreflightReport(
    boolean passed,
    List<Finding> findings,
    @Nullable Settings settings,
    List<Plan> plans,
    Map<String, String> championCommits,
    @Nullable String earlier) {

  public PreflightReport {
    findings = List.copyOf(findings);
    plans = List.copyOf(plans);
    championCommits = Map.copyOf(championCommits);
  }
}
