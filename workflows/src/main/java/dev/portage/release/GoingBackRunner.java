package dev.portage.release;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.quarantine.LiftOrder;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.Champion;
import dev.portage.registry.RegistryActivities;
import dev.portage.scoring.RemoveOrder;
import dev.portage.scoring.Removed;
import dev.portage.scoring.ScoringActivities;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Workflow code: carries out what follows from a rollback, once. It may come long after the
 * rollback, and without the turn: a version that is live again by then is not quarantined, and its
 * rows stay.
 */
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
    Quarantined quarantine = back.quarantine();
    if (quarantine != null) {
      return unlessLiveAgain(
          order, quarantine.version(), quarantine.digest(), () -> quarantine(order, quarantine));
    }
    GoingBack.Lift lift = back.lift();
    if (lift != null) {
      return lift(order, lift);
    }
    RemoveOrder remove = back.remove();
    return remove == null
        ? "nothing to do"
        : unlessLiveAgain(order, remove.version(), null, () -> remove(order, remove));
  }

  /**
   * Does it between two reads of the champion.
   *
   * @param version that the rollback left; null where it is not known
   * @param digest of its manifest; null where it doesn't matter
   */
  private static String unlessLiveAgain(
      FollowUp order, @Nullable String version, @Nullable String digest, Supplier<String> work) {
    String before = liveAgain(order, version, digest);
    if (before != null) {
      return "not done, since " + before;
    }
    String done = work.get();
    String since = liveAgain(order, version, digest);
    return since == null
        ? done
        : done + "; but " + since + ", so check whether that was right: portage history";
  }

  /** What was left and is live again, in a few words; null if it is not. */
  private static @Nullable String liveAgain(
      FollowUp order, @Nullable String version, @Nullable String digest) {
    LiveVersion live = order.live();
    Champion now = champion(live, "check whether what was left is live again");
    if (now == null) {
      return null;
    }
    String found = now.version().version();
    return found.equals(version) || (digest != null && digest.equals(now.digest()))
        ? "version " + found + " is live again in " + live.workspace()
        : null;
  }

  private static @Nullable Champion champion(LiveVersion live, String summary) {
    return Stubs.quick(RegistryActivities.class, Queues.of(live.workspace()), ONE_TRY, summary)
        .champion(live.query())
        .orElse(null);
  }

  /** Whoever lifted it in between has done it; what was left again since stays refused. */
  private static String lift(FollowUp order, GoingBack.Lift lift) {
    LiveVersion live = order.live();
    Champion now = champion(live, "check whether what is to be lifted is live");
    if (now == null || !now.version().version().equals(live.version())) {
      return "not done, since version "
          + live.version()
          + " is live no more in "
          + live.workspace();
    }
    QuarantineQuery candidate = lift.candidate();
    QuarantineActivities quarantines =
        Stubs.quick(QuarantineActivities.class, Queues.of(live.workspace()), ONE_TRY, order.what());
    List<String> refused =
        quarantines.quarantines(candidate).stream()
            .filter(Quarantined::inForce)
            // What this rollback left may be of the same commit.
            .filter(entry -> !entry.source().equals(lift.rollback()))
            .map(entry ->
                entry.digest().equals(candidate.digest())
                    ? entry.digest()
                    : Objects.requireNonNullElse(entry.commit(), entry.digest()))
            .distinct()
            .toList();
    for (String id : refused) {
      quarantines.lift(
          new LiftOrder(
              candidate.workspace(),
              candidate.model(),
              id,
              lift.rollback(),
              lift.reason(),
              lift.at()));
    }
    return "version "
        + live.version()
        + (refused.isEmpty() ? " is not in quarantine any more" : " is lifted");
  }

  private static String quarantine(FollowUp order, Quarantined quarantine) {
    Stubs.quick(
            QuarantineActivities.class, Queues.of(quarantine.workspace()), ONE_TRY, order.what())
        .quarantine(quarantine);
    return "version " + quarantine.version() + " is quarantined";
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
