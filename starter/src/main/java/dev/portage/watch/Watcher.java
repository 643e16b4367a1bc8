package dev.portage.watch;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Watches a promotion whenever something happens to it, until a condition holds. It waits through a
 * call that the server keeps open, so watching for days costs nothing.
 */
public final class Watcher {

  /** Temporal may be restarted while someone watches. */
  static final Duration FORGIVEN = Duration.ofMinutes(2);

  /**
   * The progress of a copy and the reason for a retry are in no history: while activities are under
   * way, they are read after this many pauses, and less often the longer nothing changes.
   */
  static final int PAUSES_UNDER_WAY = 3;

  static final Duration IDLE = Duration.ofSeconds(30);

  private final Promotions promotions;
  private final Duration pause;

  /**
   * Follows promotions.
   *
   * @param pause minimum time between two reads
   */
  public Watcher(Promotions promotions, Duration pause) {
    this.promotions = promotions;
    this.pause = pause;
  }

  /**
   * The first look that is enough. Each look is shown to the listener.
   *
   * @throws NoSuchElementException when Temporal has no such promotion
   */
  public Snapshot watch(String id, Predicate<Snapshot> enough, Consumer<Snapshot> listener)
      throws InterruptedException {
    long lastAnswer = System.nanoTime();
    Polling polling = new Polling(promotions, id, IDLE);
    Pauses pauses = new Pauses(pause.multipliedBy(PAUSES_UNDER_WAY - 1), IDLE);
    // A promotion that has already ended is read once, without listening.
    boolean first = true;
    try (HistoryGrowth growth = promotions.growth(id)) {
      while (true) {
        Duration wait = Duration.ZERO;
        try {
          Snapshot snapshot = polling.next().orElseThrow(() -> promotions.notKnown(id));
          lastAnswer = System.nanoTime();
          listener.accept(snapshot);
          if (enough.test(snapshot)) {
            return snapshot;
          }
          wait = first ? Duration.ZERO : until(snapshot, pauses);
          first = false;
        } catch (WorkflowServiceException e) {
          boolean tooLong =
              Duration.ofNanos(System.nanoTime() - lastAnswer).compareTo(FORGIVEN) > 0;
          if (tooLong || !isAway(e)) {
            throw e;
          }
        }
        // Events in quick succession are read together.
        Thread.sleep(pause);
        growth.await(wait);
        // Before the next look: what happens from here on is seen, or heard.
        growth.listen();
      }
    }
  }

  /** How long to wait without missing anything that the history doesn't show. */
  private static Duration until(Snapshot snapshot, Pauses pauses) {
    if (!snapshot.answered()) {
      // Nothing reports that a worker is back.
      return pauses.afterNothing();
    }
    return snapshot.pending().isEmpty() ? IDLE : pauses.after(snapshot);
  }

  /** Whether Temporal is away or busy for a moment. */
  public static boolean isAway(WorkflowServiceException e) {
    return e.getCause() instanceof StatusRuntimeException status
        && (status.getStatus().getCode() == Status.Code.UNAVAILABLE
            || status.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
            || status.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED);
  }
}
