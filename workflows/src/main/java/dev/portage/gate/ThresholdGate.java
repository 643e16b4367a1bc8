package dev.portage.gate;

import dev.portage.settings.Numbers;
import dev.portage.settings.Threshold;
import dev.portage.text.Bounded;
import java.util.List;
import java.util.Map;

/** Each metric must meet its limit. A missing metric or NaN fails. */
final class ThresholdGate implements Gate {
  private static final int SHOWN = 10;

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
          threshold.metric(), GateOutcome.FAIL, notLogged(input.metrics()), threshold.words());
    }
    return new GateResult(
        threshold.metric(),
        threshold.holds(measured) ? GateOutcome.PASS : GateOutcome.FAIL,
        Numbers.text(measured),
        threshold.words());
  }

  /** With what there is: often only the name is another one. */
  private static String notLogged(Map<String, Double> metrics) {
    return metrics.isEmpty()
        ? "not logged by the run, which logged no metrics"
        : "not logged by the run, which has "
            + Bounded.listed(metrics.keySet().stream().sorted().toList(), ", ", SHOWN);
  }
}
