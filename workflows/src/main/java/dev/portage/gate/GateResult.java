package dev.portage.gate;

import dev.portage.text.Bounded;

/**
 * The answer of one gate.
 *
 * @param gate its name, as "rmse" or "rmse vs champion"
 * @param outcome the answer
 * @param measured what was found, as "53.4"
 * @param wanted what is required, as "at most 60"
 */
public record GateResult(String gate, GateOutcome outcome, String measured, String wanted) {

  public GateResult {
    gate = Bounded.line(gate, Bounded.NAME);
    measured = Bounded.line(measured, Bounded.NAME);
    wanted = Bounded.line(wanted, Bounded.NAME);
  }
}
