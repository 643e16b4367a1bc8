package dev.portage.preflight;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import io.temporal.failure.ApplicationFailure;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param where "promotion.yaml:4", "portage.yaml:7" or "workspace prod"
 * @param what what was looked at, as "pool ml-small"
 * @param verdict how it stands
 * @param text what was found and, for a lack, what is allowed
 * @param remedy command that mends it, null when all is well
 */
public record Finding(
    String where, String what, Verdict verdict, String text, @Nullable String remedy) {

  /** How a thing stands. */
  public enum Verdict {
    OK,
    /** Worth a look, stops nothing. */
    NOTE,
    /** Must be mended first. */
    LACK
  }

  /** A thing that is as it should be. */
  public static Finding ok(String where, String what, String text) {
    return new Finding(where, what, Verdict.OK, text, null);
  }

  /** A thing that must be mended. */
  public static Finding lack(String where, String what, String text, String remedy) {
    return new Finding(where, what, Verdict.LACK, text, remedy);
  }

  /**
   * The lack that a failed look tells of: what the user has to mend is a finding.
   *
   * @throws ApplicationFailure the failure itself, when it is the platform's: where nobody answers
   *     nothing is found
   */
  public static Finding lack(String where, String what, ApplicationFailure failure) {
    if (failure.getType().equals(FailureKind.PLATFORM.type())) {
      throw failure;
    }
    Problem problem = failure.getDetails().get(Problem.class);
    return lack(where, what, problem.tried() + ": " + problem.cameBack(), problem.remedy());
  }
}
