package dev.portage.gate;

/** What a gate answers. */
public enum GateOutcome {
  PASS,
  FAIL,
  /** It cannot tell: a person decides. */
  INCONCLUSIVE
}
