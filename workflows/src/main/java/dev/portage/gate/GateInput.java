package dev.portage.gate;

import dev.portage.registry.Champion;
import dev.portage.scoring.Rehearsal;
import dev.portage.settings.Threshold;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the gates of one hop evaluate.
 *
 * @param target workspace that the candidate is promoted to
 * @param metrics last values of the candidate's run
 * @param commit candidate's commit, null when unknown
 * @param thresholds limits of metrics
 * @param champion the target's champion, null for the first version
 * @param ancestry what the starter found out about commits
 * @param allowOlder whether going back to an older commit was explicitly allowed
 * @param comparison both measured on the same data, null where each was measured by its training
 * @param rehearsal what scoring in the first workspace came to, null without
 */
public record GateInput(
    String target,
    Map<String, Double> metrics,
    @Nullable String commit,
    List<Threshold> thresholds,
    @Nullable Champion champion,
    List<Ancestry> ancestry,
    boolean allowOlder,
    @Nullable Comparison comparison,
    @Nullable Rehearsal rehearsal) {

  public GateInput {
    metrics = Map.copyOf(metrics);
    thresholds = List.copyOf(thresholds);
    ancestry = List.copyOf(ancestry);
  }

  /** Without a comparison and a rehearsal. */
  public GateInput(
      String target,
      Map<String, Double> metrics,
      @Nullable String commit,
      List<Threshold> thresholds,
      @Nullable Champion champion,
      List<Ancestry> ancestry,
      boolean allowOlder) {
    this(target, metrics, commit, thresholds, champion, ancestry, allowOlder, null, null);
  }
}
