package dev.portage.scoring;

import dev.portage.text.Bounded;

/**
 * What came of one rule about predictions.
 *
 * @param rule its name, such as "drift of prediction"
 * @param outcome the answer
 * @param measured what was measured, such as "population stability index 0.31 …"
 * @param required what is required, such as "at most 0.2"
 */
public record RuleResult(String rule, Outcome outcome, String measured, String required) {

  public RuleResult {
    rule = Bounded.line(rule, Bounded.NAME);
    measured = Bounded.line(measured, Bounded.NAME);
    required = Bounded.line(required, Bounded.NAME);
  }

  /** The answers of a rule. */
  public enum Outcome {
    PASS,
    FAIL,
    /** It could not be measured. */
    INCONCLUSIVE,
    /** There is no champion, or no earlier batch, as for a first version. */
    NOTHING_TO_COMPARE
  }

  /** In one line: what was measured, and what is required. */
  public String text() {
    return rule + ": " + measured + ", required: " + required;
  }
}
