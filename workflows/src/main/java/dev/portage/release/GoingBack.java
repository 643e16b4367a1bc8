package dev.portage.release;

import dev.portage.history.HistoryEvent;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.scoring.RemoveOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a rollback, besides what follows from a release. Exactly one is set.
 *
 * @param event entry of the workspace's log, otherwise null
 * @param quarantine candidate that is refused from now on, otherwise null
 * @param remove predictions to remove, otherwise null
 * @param lift candidate that is refused no more, otherwise null; also null from an older writer
 */
public record GoingBack(
    @Nullable HistoryEvent event,
    @Nullable Quarantined quarantine,
    @Nullable RemoveOrder remove,
    @Nullable Lift lift) {

  /**
   * The end of a quarantine, since what was refused is live again.
   *
   * @param candidate which one, by its digest and its commit
   * @param rollback workflow id of the rollback, which is named as who lifted it
   * @param reason why it went back
   * @param at when it was live
   */
  public record Lift(QuarantineQuery candidate, String rollback, String reason, Instant at) {}

  /** An entry of the log. */
  public static GoingBack of(HistoryEvent event) {
    return new GoingBack(event, null, null, null);
  }

  /** A candidate that is refused. */
  public static GoingBack of(Quarantined quarantine) {
    return new GoingBack(null, quarantine, null, null);
  }

  /** Predictions to remove. */
  public static GoingBack of(RemoveOrder remove) {
    return new GoingBack(null, null, remove, null);
  }

  /** A candidate that is refused no more. */
  public static GoingBack of(Lift lift) {
    return new GoingBack(null, null, null, lift);
  }
}
