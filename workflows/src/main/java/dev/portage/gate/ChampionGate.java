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
    Comparison comparison = input.comparison();
    return input.thresholds().stream()
        .map(threshold ->
            comparison == null
                ? compare(threshold, input, champion)
                : compare(threshold, comparison, champion.version().version()))
        .toList();
  }

  /** Both on the same data: what a training measured proves nothing against that. */
  private static GateResult compare(Threshold threshold, Comparison comparison, String version) {
    String gate = threshold.metric() + " vs champion";
    String wanted = "not worse than version " + version + ", measured by " + comparison.notebook();
    Double candidate = comparison.candidate().get(threshold.metric());
    Double champion = comparison.champion().get(threshold.metric());
    String problem =
        comparison.problem() != null
            ? comparison.problem()
            : !comparison.championVersion().equals(version)
                ? "measured against version " + comparison.championVersion()
                : candidate == null
                    ? "not returned for the candidate"
                    : champion == null || champion.isNaN() ? "not returned for the champion" : null;
    if (problem != null || candidate == null || champion == null) {
      return new GateResult(gate, GateOutcome.INCONCLUSIVE, problem == null ? "" : problem, wanted);
    }
    return new GateResult(
        gate,
        threshold.notWorse(candidate, champion) ? GateOutcome.PASS : GateOutcome.FAIL,
        Numbers.text(candidate),
        threshold.notWorseThan(champion)
            + ", both measured on the same data by "
            + comparison.notebook());
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
        threshold.notWorseThan(live) + ", each measured by its own training");
  }
}
