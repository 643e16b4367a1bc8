package dev.portage.gate;

import java.util.List;

/** The gates in the order of evaluation. */
public final class Gates {

  private static final List<Gate> ALL =
      List.of(new ThresholdGate(), new ChampionGate(), new AncestryGate(), new RehearsalGate());

  private Gates() {}

  /** Every gate's answers, in order. */
  public static List<GateResult> ask(GateInput input) {
    return ALL.stream().flatMap(gate -> gate.check(input).stream()).toList();
  }

  /** One failure fails; otherwise an inconclusive one leaves it open. */
  public static GateOutcome outcome(List<GateResult> results) {
    if (results.stream().anyMatch(result -> result.outcome() == GateOutcome.FAIL)) {
      return GateOutcome.FAIL;
    }
    if (results.stream().anyMatch(result -> result.outcome() == GateOutcome.INCONCLUSIVE)) {
      return GateOutcome.INCONCLUSIVE;
    }
    return GateOutcome.PASS;
  }
}
