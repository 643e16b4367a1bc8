package dev.portage.gate;

import dev.portage.scoring.Rehearsal;
import java.util.List;

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
      case PASSED -> List.of(result(GateOutcome.PASS, rehearsal));
      case INCONCLUSIVE -> List.of(result(GateOutcome.INCONCLUSIVE, rehearsal));
      case SKIPPED -> List.of();
    };
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
