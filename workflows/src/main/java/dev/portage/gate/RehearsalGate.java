package dev.portage.gate;

import dev.portage.scoring.Rehearsal;
import dev.portage.scoring.RuleResult;
import java.util.List;
import java.util.stream.Stream;

/** Scoring works with the candidate: it was tried in the first workspace. */
final class RehearsalGate implements Gate {

  private static final String WANTED = "scoring writes valid rows and leaves live tables unchanged";

  @Override
  public List<GateResult> check(GateInput input) {
    Rehearsal rehearsal = input.rehearsal();
    if (rehearsal == null) {
      return List.of();
    }
    return switch (rehearsal.outcome()) {
      case PASSED ->
          Stream.concat(
                  Stream.of(result(GateOutcome.PASS, rehearsal)),
                  rehearsal.ruled().stream().map(RehearsalGate::ofRule))
              .toList();
      case INCONCLUSIVE -> List.of(result(GateOutcome.INCONCLUSIVE, rehearsal));
      case SKIPPED -> List.of();
    };
  }

  private static GateResult ofRule(RuleResult rule) {
    GateOutcome outcome =
        switch (rule.outcome()) {
          case PASS -> GateOutcome.PASS;
          case FAIL -> GateOutcome.FAIL;
          case INCONCLUSIVE, NOTHING_TO_COMPARE -> GateOutcome.INCONCLUSIVE;
        };
    return new GateResult(rule.rule(), outcome, rule.measured(), rule.required());
  }

  private static GateResult result(GateOutcome outcome, Rehearsal rehearsal) {
    return new GateResult(
        "rehearsal",
        outcome,
        rehearsal.text()
            + " in "
            + rehearsal.workspace()
            + (rehearsal.fits() == null ? "" : "; " + rehearsal.fits()),
        WANTED);
  }
}
