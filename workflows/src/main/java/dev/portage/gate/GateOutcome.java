package dev.portage.gate;

/** The outcome of a gate. */
public enum GateOutcome {
  PASS,
  FAIL,
  /** It can't decide: a person does. */
  INCONCLUSIVE
}
