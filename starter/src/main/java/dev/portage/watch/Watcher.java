package dev.portage.watch;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Looks at a promotion whenever something has happened to it, until enough has. It waits for that
 * by a call that the server keeps open, so that one who watches for days costs nothing.
 */
public final class Watcher {

  /** Temporal may be restarted while somebody watches. */
  static final Duration FORGIVEN = Duration.ofMinutes(2);

  /**
   * How far a copy is, and why something is tried again, stand in no history: where activities are
   * under way they are looked at after so many pauses, and later the longer nothing changes.
   */
  static final int PAUSES_UNDER_WAY = 3;

  static final Duration IDLE = Duration.ofSeconds(30);

  private final Promotions promotions;
  private final Duration pause;

  /**
   * Follows promotions.
   *
   * @param pause between two looks, at least
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
    // One that has ended already is looked at once, and not listened to.
    boolean first = true;
    try (HistoryGrowth growth = promotions.growth(id)) {
      while (true) {
        Duration wait = Duration.ZERO;
        try {
          Snapshot snapshot =
              polling
                  .next()
                  .orElseThrow(() -> new NoSuchElementException("there is no promotion " + id));
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
        // What happens in one breath is looked at once.
        Thread.sleep(pause);
        growth.await(wait);
        // Before the next look: what happens from here on is seen, or heard.
        growth.listen();
      }
    }
  }

  /** How long nothing can be missed that history does not tell. */
  private static Duration until(Snapshot snapshot, Pauses pauses) {
    if (!snapshot.answered()) {
      // Whether a worker is back stands nowhere.
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
