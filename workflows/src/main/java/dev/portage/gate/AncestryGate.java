package dev.portage.gate;

import dev.portage.registry.Champion;
import java.util.List;

/** The candidate's commit must not be older than the champion's. */
final class AncestryGate implements Gate {

  private static final String GATE = "commit";
  private static final String WANTED = "not older than the champion's";

  @Override
  public List<GateResult> check(GateInput input) {
    Champion champion = input.champion();
    if (champion == null) {
      return List.of();
    }
    String live = champion.commit();
    String candidate = input.commit();
    if (live == null || candidate == null) {
      return List.of(
          inconclusive(
              live == null
                  ? "the champion's commit is unknown"
                  : "the candidate's commit is unknown"));
    }
    if (live.equals(candidate)) {
      return List.of(new GateResult(GATE, GateOutcome.PASS, "same commit as the champion", WANTED));
    }
    for (Ancestry ancestry : input.ancestry()) {
      if (ancestry.championCommit().equals(live)) {
        return List.of(judge(ancestry, input.allowOlder()));
      }
    }
    return List.of(inconclusive("its relation to " + shorten(live) + " is unknown"));
  }

  private static GateResult judge(Ancestry ancestry, boolean allowOlder) {
    String live = shorten(ancestry.championCommit());
    return switch (ancestry.relation()) {
      case SAME, NEWER -> new GateResult(GATE, GateOutcome.PASS, "newer than " + live, WANTED);
      case OLDER ->
          allowOlder
              ? new GateResult(
                  GATE,
                  GateOutcome.PASS,
                  "older than " + live + ", allowed by --allow-older",
                  WANTED)
              : new GateResult(
                  GATE, GateOutcome.FAIL, "older than " + live, WANTED + ", or --allow-older");
      case DIVERGED -> inconclusive("diverged from " + live);
    };
  }

  private static GateResult inconclusive(String measured) {
    return new GateResult(GATE, GateOutcome.INCONCLUSIVE, measured, WANTED);
  }

  private static String shorten(String commit) {
    return commit.substring(0, Math.min(12, commit.length()));
  }
}
