package dev.portage.following;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Looks at a promotion again and again until enough has happened. */
public final class Follower {

  /** Temporal may be restarted while somebody watches. */
  static final Duration FORGIVEN = Duration.ofMinutes(2);

  private final Promotions promotions;
  private final Duration pause;

  /**
   * Follows promotions.
   *
   * @param pause between two looks
   */
  public Follower(Promotions promotions, Duration pause) {
    this.promotions = promotions;
    this.pause = pause;
  }

  /**
   * The first look that is enough. Each look is shown to the listener.
   *
   * @throws NoSuchElementException when Temporal has no such promotion
   */
  public Look follow(String id, Predicate<Look> enough, Consumer<Look> listener)
      throws InterruptedException {
    long lastAnswer = System.nanoTime();
    while (true) {
      try {
        Look look =
            promotions
                .look(id)
                .orElseThrow(() -> new NoSuchElementException("there is no promotion " + id));
        lastAnswer = System.nanoTime();
        listener.accept(look);
        if (enough.test(look)) {
          return look;
        }
      } catch (WorkflowServiceException e) {
        boolean tooLong = Duration.ofNanos(System.nanoTime() - lastAnswer).compareTo(FORGIVEN) > 0;
        if (tooLong || !isAway(e)) {
          throw e;
        }
      }
      Thread.sleep(pause);
    }
  }

  /** Whether Temporal is away or busy for a moment. */
  static boolean isAway(WorkflowServiceException e) {
    return e.getCause() instanceof StatusRuntimeException status
        && (status.getStatus().getCode() == Status.Code.UNAVAILABLE
            || status.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
            || status.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED);
  }
}
