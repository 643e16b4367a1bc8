package dev.portage.gate;

import dev.portage.registry.Champion;
import dev.portage.settings.Numbers;
import dev.portage.settings.Threshold;
import java.util.List;

/** The candidate must not be worse than the target's champion, by every metric that has a limit. */
final class ChampionGate implements Gate {

  @Override
  public List<GateResult> check(GateInput input) {
    Champion champion = input.champion();
    if (champion == null) {
      return List.of(
          new GateResult(
              "champion",
              GateOutcome.INCONCLUSIVE,
              "none in " + input.target() + " yet",
              "not worse than the champion"));
    }
    return input.thresholds().stream()
        .map(threshold -> compare(threshold, input, champion))
        .toList();
  }

  private static GateResult compare(Threshold threshold, GateInput input, Champion champion) {
    String gate = threshold.metric() + " vs champion";
    Double candidate = input.metrics().get(threshold.metric());
    Double live = champion.metrics().get(threshold.metric());
    String version = "version " + champion.version().version();
    if (candidate == null) {
      return new GateResult(
          gate, GateOutcome.FAIL, "not logged by the run", "not worse than " + version);
    }
    // What the champion never measured, or measured as NaN, proves nothing about the candidate.
    if (live == null || live.isNaN()) {
      return new GateResult(
          gate,
          GateOutcome.INCONCLUSIVE,
          Numbers.text(candidate),
          version + " didn't log this metric");
    }
    return new GateResult(
        gate,
        threshold.notWorse(candidate, live) ? GateOutcome.PASS : GateOutcome.FAIL,
        Numbers.text(candidate),
        threshold.notWorseThan(live));
  }
}
