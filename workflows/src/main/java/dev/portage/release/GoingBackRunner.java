package dev.portage.release;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineOrder;
import dev.portage.scoring.RemoveOrder;
import dev.portage.scoring.Removed;
import dev.portage.scoring.ScoringActivities;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import java.time.Duration;

/** Workflow code: carries out what follows from a rollback, once. */
final class GoingBackRunner {

  private static final Duration ONE_TRY = Duration.ofSeconds(20);

  /** A warehouse that was asleep takes minutes before it answers. */
  private static final Duration ONE_STATEMENT = Duration.ofMinutes(15);

  private GoingBackRunner() {}

  /**
   * Tries it once. Repeating what is done already changes nothing.
   *
   * @return what was done, in one line
   * @throws TemporalFailure when it is not done, or not known to be
   */
  static String carryOut(FollowUp order, GoingBack back) {
    HistoryEvent event = back.event();
    if (event != null) {
      Stubs.quick(HistoryActivities.class, Queues.of(event.workspace()), ONE_TRY, order.what())
          .appendEvent(event);
      return "recorded in the log of " + event.workspace();
    }
    QuarantineOrder quarantine = back.quarantine();
    if (quarantine != null) {
      Stubs.quick(
              QuarantineActivities.class, Queues.of(quarantine.workspace()), ONE_TRY, order.what())
          .quarantine(quarantine);
      return "version " + quarantine.version() + " is quarantined";
    }
    RemoveOrder remove = back.remove();
    return remove == null ? "nothing to do" : remove(order, remove);
  }

  private static String remove(FollowUp order, RemoveOrder remove) {
    Removed done =
        Stubs.statement(
                ScoringActivities.class, Queues.of(remove.workspace()), ONE_STATEMENT, order.what())
            .removeBatch(remove);
    String kept = done.kept();
    if (kept != null && !done.isForGood()) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              order.what(),
              "workspace " + remove.workspace(),
              kept,
              "The login needs: GRANT SELECT, MODIFY ON TABLE "
                  + remove.table()
                  + " TO `<login>`."));
    }
    Long others = done.others();
    String stay =
        others == null || others == 0
            ? ""
            : "; "
                + others
                + " rows that other runs wrote with version "
                + remove.version()
                + " stay: model_version = '"
                + remove.version()
                + "'";
    return (kept != null
            ? "rows of batch " + remove.batchId() + " stay in " + remove.table() + ", since " + kept
            : done.rows()
                + " rows of batch "
                + remove.batchId()
                + " were removed from "
                + remove.table()
                + "; who has read them before has them still")
        + stay;
  }
}
