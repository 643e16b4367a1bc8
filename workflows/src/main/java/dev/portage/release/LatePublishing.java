package dev.portage.release;

import dev.portage.activity.Stubs;
import dev.portage.registry.Champion;
import dev.portage.registry.RegistryActivities;
import dev.portage.scoring.DropOrder;
import dev.portage.scoring.PublishOrder;
import dev.portage.scoring.ScoringActivities;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Workflow code: publishes predictions that could not be published under the turn. Since then a
 * newer release may have gone live, with a turn of a higher number and predictions of its own: then
 * these are dropped. Nothing is published over a newer release, and nothing is kept for later.
 */
final class LatePublishing {

  private static final Duration ONE_LOOK = Duration.ofMinutes(1);

  /** A warehouse that was asleep takes minutes before it answers. */
  private static final Duration ONE_STATEMENT = Duration.ofMinutes(15);

  private LatePublishing() {}

  /**
   * Tries it once.
   *
   * @throws TemporalFailure when it is not done, or not known to be
   */
  static String carryOut(FollowUp order, PublishOrder publish) {
    String batch = "batch " + publish.batchId();
    LiveVersion live = order.live();
    Optional<Champion> before = champion(live);
    if (!isOurs(before, live)) {
      return batch
          + " was not published in "
          + publish.live()
          + ", and "
          + (dropped(publish) ? "is gone" : notDropped(publish))
          + ": version "
          + live.version()
          + turn(publish.turn())
          + " is no longer live; "
          + newest(before, live);
    }
    scoring(publish, order.what()).publishPredictions(publish.withoutTurn());
    Optional<Champion> after = champion(live);
    boolean dropped = dropped(publish);
    return batch
        + " is visible in "
        + publish.live()
        + (dropped ? "" : "; " + notDropped(publish))
        + (isOurs(after, live)
            ? ""
            : ", although another version went live in the meantime: " + newest(after, live));
  }

  private static boolean isOurs(Optional<Champion> champion, LiveVersion live) {
    return champion.filter(found -> found.version().version().equals(live.version())).isPresent();
  }

  /** The release that replaced it, according to its record. */
  private static String newest(Optional<Champion> champion, LiveVersion live) {
    if (champion.isEmpty()) {
      return "no version is";
    }
    String version = champion.get().version().version();
    String run = champion.get().version().runId();
    Optional<Release> release = run == null ? Optional.empty() : recorded(live, run);
    return "version "
        + version
        + release.map(found -> " of " + found.promotion() + turn(found.turn())).orElse("")
        + " is";
  }

  private static Optional<Release> recorded(LiveVersion live, String run) {
    try {
      return Stubs.quick(
              ReleaseActivities.class,
              Queues.of(live.workspace()),
              ONE_LOOK,
              "which release replaced version " + live.version())
          .recorded(new RecordQuery(live.workspace(), run));
    } catch (TemporalFailure unread) {
      // It only says more about what is known.
      return Optional.empty();
    }
  }

  private static String turn(@Nullable Long number) {
    return number == null ? "" : " (turn " + number + ")";
  }

  private static Optional<Champion> champion(LiveVersion live) {
    return Stubs.quick(
            RegistryActivities.class,
            Queues.of(live.workspace()),
            ONE_LOOK,
            "check whether version " + live.version() + " of " + live.model() + " is still live")
        .champion(live.query());
  }

  /** That the table stays makes no prediction invisible, and another try would find it gone. */
  private static boolean dropped(PublishOrder publish) {
    try {
      scoring(publish, "drop table " + publish.staging())
          .dropStaging(new DropOrder(publish.workspace(), publish.staging()));
      return true;
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      return false;
    }
  }

  private static String notDropped(PublishOrder publish) {
    return "its own table could not be dropped; to drop it: DROP TABLE " + publish.staging();
  }

  private static ScoringActivities scoring(PublishOrder publish, String summary) {
    return Stubs.statement(
        ScoringActivities.class, Queues.of(publish.workspace()), ONE_STATEMENT, summary);
  }
}
