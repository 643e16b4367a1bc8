package dev.portage.failure;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TimeoutFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Converts problems to Temporal failures and back. Only Temporal retries; the kind decides whether
 * it does.
 */
public final class Failures {
  /** What the SDK throws for an activity whose type the worker doesn't have. */
  public static final String UNKNOWN_ACTIVITY = IllegalArgumentException.class.getName();

  /** A server that asks for more would hold up for years what is retried without a limit. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  private Failures() {}

  /** The failure that carries a problem. Only the platform's are retried. */
  public static ApplicationFailure of(Problem problem) {
    return of(problem, null);
  }

  /**
   * The failure that carries a problem.
   *
   * @param retryAfter how long the server asked us to wait, null if it didn't
   */
  public static ApplicationFailure of(Problem problem, @Nullable Duration retryAfter) {
    return of(problem, retryAfter, null);
  }

  /**
   * The failure that carries a problem.
   *
   * @param retryAfter how long the server asked us to wait, of which at most a day counts; null if
   *     it didn't
   * @param status HTTP status that the server answered with, null where it did not answer
   */
  public static ApplicationFailure of(
      Problem problem, @Nullable Duration retryAfter, @Nullable Integer status) {
    ApplicationFailure.Builder failure =
        ApplicationFailure.newBuilder()
            .setType(problem.kind().type())
            .setMessage(problem.message())
            .setDetails(status == null ? new Object[] {problem} : new Object[] {problem, status})
            .setNonRetryable(problem.kind() != FailureKind.PLATFORM);
    if (retryAfter != null) {
      failure.setNextRetryDelay(
          retryAfter.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : retryAfter);
    }
    return failure.build();
  }

  /**
   * The same failure without the place in our code that it came from: Temporal sends that along,
   * and whoever sent a message can do nothing with it.
   */
  public static ApplicationFailure withoutStack(ApplicationFailure failure) {
    failure.setStackTrace(new StackTraceElement[0]);
    return failure;
  }

  /** The same failure with a sentence more below its remedy; what is not ours stays as it is. */
  public static ApplicationFailure and(ApplicationFailure failure, String more) {
    if (failure.getDetails().getSize() == 0 || !isOurs(failure.getType())) {
      return failure;
    }
    return of(
        failure.getDetails().get(Problem.class).and(more),
        failure.getNextRetryDelay(),
        statusOf(failure));
  }

  /** HTTP status behind one of our failures, null if no server answered. */
  public static @Nullable Integer statusOf(ApplicationFailure failure) {
    return failure.getDetails().getSize() < 2 || !isOurs(failure.getType())
        ? null
        : failure.getDetails().get(1, Integer.class);
  }

  /**
   * What a failed activity says, for the people who read the promotion.
   *
   * @param tried what the step was doing, used where the failure itself does not say
   * @param where the workspace it was done in
   */
  public static Problem problemOf(TemporalFailure failure, String tried, String where) {
    return problemOf(failure, tried, where, "resume the promotion");
  }

  /**
   * What a failed activity says, for the people who ordered something else than a promotion.
   *
   * @param tried what the step was doing, used where the failure itself does not say
   * @param where the workspace it was done in
   * @param again what to do once it is fixed, such as "run the command again"
   */
  public static Problem problemOf(
      TemporalFailure failure, String tried, String where, String again) {
    Throwable cause = failure;
    while (cause instanceof ActivityFailure && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case ApplicationFailure application -> problemOfApplication(application, tried, where, again);
      case CanceledFailure cancelled ->
          Problem.of(FailureKind.CANCELLED, tried, where, "cancelled", "Start it again if needed.");
      case TimeoutFailure timeout -> problemOfTimeout(timeout, tried, where, again);
      default -> platform(tried, where, String.valueOf(cause.getMessage()), again);
    };
  }

  /** The response to a failed activity, in one line. */
  public static String line(TemporalFailure failure) {
    return problemOf(failure, "ask", "").cameBack().lines().findFirst().orElse("");
  }

  private static Problem problemOfApplication(
      ApplicationFailure failure, String tried, String where, String again) {
    if (failure.getDetails().getSize() > 0 && isOurs(failure.getType())) {
      return failure.getDetails().get(Problem.class);
    }
    return isUnknownActivity(failure)
        ? Problem.of(
            FailureKind.PLATFORM,
            tried,
            where,
            "its worker is of an older release, which can't do this step",
            "Restart the worker with this release (docs/upgrade.md), then " + again + ".")
        : platform(tried, where, failure.getOriginalMessage(), again);
  }

  private static Problem problemOfTimeout(
      TimeoutFailure timeout, String tried, String where, String again) {
    // The last attempt's own failure says more than the time that ran out.
    if (timeout.getCause() instanceof ApplicationFailure last) {
      return problemOfApplication(last, tried, where, again);
    }
    String cameBack =
        switch (timeout.getTimeoutType()) {
          case TIMEOUT_TYPE_SCHEDULE_TO_START, TIMEOUT_TYPE_SCHEDULE_TO_CLOSE ->
              "no response in time; is a worker for it running?";
          case TIMEOUT_TYPE_HEARTBEAT -> "its worker stopped responding";
          case TIMEOUT_TYPE_START_TO_CLOSE, TIMEOUT_TYPE_UNSPECIFIED, UNRECOGNIZED ->
              "it exceeded its time limit";
        };
    return platform(tried, where, cameBack, again);
  }

  private static Problem platform(String tried, String where, String cameBack, String again) {
    return Problem.of(FailureKind.PLATFORM, tried, where, cameBack, "Fix it, then " + again + ".");
  }

  /** Whether a worker took the activity that doesn't know its type: one of an older release. */
  public static boolean isUnknownActivity(TemporalFailure failure) {
    Throwable cause = failure;
    while (cause instanceof ActivityFailure && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TimeoutFailure && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ApplicationFailure said
        && said.getType().equals(UNKNOWN_ACTIVITY)
        && said.getOriginalMessage().contains("is not registered with a worker");
  }

  private static boolean isOurs(String type) {
    for (FailureKind kind : FailureKind.values()) {
      if (kind.type().equals(type)) {
        return true;
      }
    }
    return false;
  }
}
