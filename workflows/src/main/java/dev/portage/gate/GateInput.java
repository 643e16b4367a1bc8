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

  /** One to be filled in; what is not named is null or empty. */
  public static Builder of(String target) {
    return new Builder(target);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String target;
    private Map<String, Double> metrics = Map.of();
    private @Nullable String commit;
    private List<Threshold> thresholds = List.of();
    private @Nullable Champion champion;
    private List<Ancestry> ancestry = List.of();
    private boolean allowOlder;
    private @Nullable Comparison comparison;
    private @Nullable Rehearsal rehearsal;

    private Builder(String target) {
      this.target = target;
    }

    /** Last values of the candidate's run. */
    public Builder metrics(Map<String, Double> metrics) {
      this.metrics = metrics;
      return this;
    }

    /** Candidate's commit, null when unknown. */
    public Builder commit(@Nullable String commit) {
      this.commit = commit;
      return this;
    }

    /** Limits of metrics. */
    public Builder thresholds(List<Threshold> thresholds) {
      this.thresholds = thresholds;
      return this;
    }

    /** The target's champion, null for the first version. */
    public Builder champion(@Nullable Champion champion) {
      this.champion = champion;
      return this;
    }

    /**
     * What the starter found out about commits, and whether going back to an older one was
     * explicitly allowed.
     */
    public Builder ancestry(List<Ancestry> ancestry, boolean allowOlder) {
      this.ancestry = ancestry;
      this.allowOlder = allowOlder;
      return this;
    }

    /** Both measured on the same data, null where each was measured by its training. */
    public Builder comparison(@Nullable Comparison comparison) {
      this.comparison = comparison;
      return this;
    }

    /** What scoring in the first workspace came to, null without. */
    public Builder rehearsal(@Nullable Rehearsal rehearsal) {
      this.rehearsal = rehearsal;
      return this;
    }

    /** What was filled in. */
    public GateInput build() {
      return new GateInput(
          target,
          metrics,
          commit,
          thresholds,
          champion,
          ancestry,
          allowOlder,
          comparison,
          rehearsal);
    }
  }
}
