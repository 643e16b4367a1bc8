package dev.portage.preflight;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one check.
 *
 * @param where "promotion.yaml:4", "portage.yaml:7" or "workspace prod"
 * @param what what was checked, such as "pool ml-small"
 * @param verdict the result
 * @param text what was found and, for a lack, what is allowed
 * @param remedy command that fixes it, null when all is well
 * @param unanswered true if nothing responded, so that nothing is known to be wrong; otherwise null
 */
public record Finding(
    String where,
    String what,
    Verdict verdict,
    String text,
    @Nullable String remedy,
    @Nullable Boolean unanswered) {

  /** Something that was checked and responded. */
  public Finding(String where, String what, Verdict verdict, String text, @Nullable String remedy) {
    this(where, what, verdict, text, remedy, null);
  }

  /** The result of a check. */
  public enum Verdict {
    OK,
    /** Worth a look, stops nothing. */
    NOTE,
    /** Must be fixed first. */
    LACK
  }

  /** A thing that is as it should be. */
  public static Finding ok(String where, String what, String text) {
    return new Finding(where, what, Verdict.OK, text, null);
  }

  /** A thing that must be fixed. */
  public static Finding failed(String where, String what, String text, String remedy) {
    return new Finding(where, what, Verdict.LACK, text, remedy);
  }

  /** Nobody answered: a worker or a server is missing, busy or broken, and no file is wrong. */
  public static Finding unanswered(String where, String what, String text, String remedy) {
    return new Finding(where, what, Verdict.LACK, text, remedy, true);
  }

  /** Whether it stops a start. */
  public static boolean anyFailed(List<Finding> findings) {
    return findings.stream().anyMatch(finding -> finding.verdict() == Verdict.LACK);
  }

  /** Whether all that stops a start is that nobody answered. */
  public static boolean onlyUnanswered(List<Finding> findings) {
    return anyFailed(findings)
        && findings.stream()
            .filter(finding -> finding.verdict() == Verdict.LACK)
            .allMatch(finding -> Boolean.TRUE.equals(finding.unanswered()));
  }

  /**
   * The failed finding of a failed inspection: whatever the user has to fix is a finding.
   *
   * @throws ApplicationFailure the failure itself, when it is the platform's: where nobody answers
   *     nothing is found
   */
  public static Finding failed(String where, String what, ApplicationFailure failure) {
    if (failure.getType().equals(FailureKind.PLATFORM.type())) {
      throw failure;
    }
    Problem problem = failure.getDetails().get(Problem.class);
    return failed(where, what, problem.tried() + ": " + problem.cameBack(), problem.remedy());
  }
}
