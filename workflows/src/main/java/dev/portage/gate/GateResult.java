package dev.portage.gate;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portage.text.Bounded;

/**
 * The result of one gate.
 *
 * @param gate its name, such as "rmse" or "rmse vs champion"
 * @param outcome the answer
 * @param measured the measured value, such as "53.4"
 * @param required what is required, such as "at most 60"
 */
public record GateResult(
    String gate, GateOutcome outcome, String measured, @JsonProperty("wanted") String required) {

  public GateResult {
    gate = Bounded.line(gate, Bounded.NAME);
    measured = Bounded.line(measured, Bounded.NAME);
    required = Bounded.line(required, Bounded.NAME);
  }
}
