package dev.portage.gate;

import dev.portage.settings.Numbers;
import dev.portage.settings.Threshold;
import java.util.List;

/** Each metric must meet its limit. A missing metric or NaN fails. */
final class ThresholdGate implements Gate {

  @Override
  public List<GateResult> check(GateInput input) {
    if (input.thresholds().isEmpty()) {
      return List.of(
          new GateResult(
              "thresholds", GateOutcome.INCONCLUSIVE, "none in promotion.yaml", "at least one"));
    }
    return input.thresholds().stream().map(threshold -> check(threshold, input)).toList();
  }

  private static GateResult check(Threshold threshold, GateInput input) {
    Double measured = input.metrics().get(threshold.metric());
    if (measured == null) {
      return new GateResult(
          threshold.metric(), GateOutcome.FAIL, "not logged by the run", threshold.words());
    }
    return new GateResult(
        threshold.metric(),
        threshold.holds(measured) ? GateOutcome.PASS : GateOutcome.FAIL,
        Numbers.text(measured),
        threshold.words());
  }
}
