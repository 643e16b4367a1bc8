package dev.portage.release;

import dev.portage.activity.Stubs;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineOrder;
import dev.portage.scoring.ScoringActivities;
import dev.portage.scoring.WithdrawOrder;
import dev.portage.scoring.Withdrawn;
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
    WithdrawOrder withdraw = back.withdraw();
    return withdraw == null ? "nothing to do" : withdraw(order, withdraw);
  }

  private static String withdraw(FollowUp order, WithdrawOrder withdraw) {
    Withdrawn done =
        Stubs.statement(
                ScoringActivities.class,
                Queues.of(withdraw.workspace()),
                ONE_STATEMENT,
                order.what())
            .withdrawPredictions(withdraw);
    Long others = done.others();
    String stay =
        others == null || others == 0
            ? ""
            : "; "
                + others
                + " rows that other runs wrote with version "
                + withdraw.version()
                + " stay: model_version = '"
                + withdraw.version()
                + "'";
    return (done.removed() == null
            ? "rows of batch "
                + withdraw.batchId()
                + " stay in "
                + withdraw.table()
                + ", since "
                + done.why()
            : done.removed()
                + " rows of batch "
                + withdraw.batchId()
                + " were removed from "
                + withdraw.table()
                + "; who has read them before has them still")
        + stay;
  }
}
