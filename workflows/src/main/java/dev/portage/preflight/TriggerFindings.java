package dev.portage.preflight;

import dev.portage.preflight.Finding.Verdict;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.TriggerRefusal;
import dev.portage.trigger.Triggers;
import java.util.ArrayList;
import java.util.List;

/** What a promotion would start elsewhere, said before it starts. Pure. */
final class TriggerFindings {

  private static final String WHAT = "what starts elsewhere";

  private TriggerFindings() {}

  /**
   * The findings in one workspace.
   *
   * @param model registered model there
   */
  static List<Finding> of(Triggers triggers, String workspace, String model) {
    String where = "workspace " + workspace;
    List<Finding> findings = new ArrayList<>();
    List<Trigger> refused = triggers.refused();
    if (!refused.isEmpty()) {
      findings.add(
          Finding.failed(
              where,
              WHAT,
              TriggerRefusal.cameBack(refused, model),
              TriggerRefusal.remedy(refused, workspace)));
    }
    List<Trigger> allowed = triggers.found().stream().filter(Trigger::allowed).toList();
    if (!allowed.isEmpty()) {
      findings.add(
          new Finding(
              where,
              WHAT,
              Verdict.NOTE,
              TriggerRefusal.cameBack(allowed, model) + "; the platform file allows it",
              null));
    }
    String notSeen = triggers.notSeen();
    if (notSeen != null) {
      findings.add(new Finding(where, WHAT, Verdict.NOTE, "it is known in part: " + notSeen, null));
    }
    return findings;
  }
}
