package dev.portage.rollback;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Why a rollback is refused while another one of the model has not ended. */
public final class OtherRollback {

  private OtherRollback() {}

  /**
   * The refusal.
   *
   * @param id the one that has not ended
   * @param by who started it, null if unknown
   * @param since when it started
   * @param stopped whether it has stopped at a failed step
   */
  public static Problem refuses(
      RollbackId id, @Nullable String by, Instant since, boolean stopped) {
    return Problem.of(
        FailureKind.USER,
        "start a rollback of " + id.model(),
        "workspace " + id.workspace(),
        id.workflow()
            + " has not ended: it was started by "
            + (by == null ? "somebody" : by)
            + " at "
            + since.truncatedTo(ChronoUnit.SECONDS)
            + (stopped ? " and has stopped at a failed step" : ""),
        "Nothing was changed by this one. Follow that one: portage watch "
            + id.workflow()
            + (stopped ? "; continue it: portage resume " + id.workflow() : "")
            + "; end it before all is restored: portage cancel "
            + id.workflow());
  }
}
