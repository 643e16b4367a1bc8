package dev.portage.worker;

import dev.portage.copy.CopyProgress;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many copies run at once that were scheduled before copies had a queue of their own. A
 * worker that is updated while many wait takes them all from the workspace's queue, so they wait
 * here, in their slots, as before.
 */
final class EarlierCopies extends WorkerInterceptorBase {

  /** Work that moves bytes. Reads never have to wait. */
  private static final Set<String> COPYING =
      Set.of("MakeManifest", "Copy", "PlanCopy", "FinishCopy");

  private static final long BEAT_SECONDS = 5;

  private final Set<String> queues;
  private final Semaphore places;

  /**
   * Places for copies.
   *
   * @param queues of the workspaces that are served
   * @param atOnce how many may run
   */
  EarlierCopies(Set<String> queues, int atOnce) {
    this.queues = Set.copyOf(queues);
    this.places = new Semaphore(atOnce, true);
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {
      private @Nullable ActivityExecutionContext given;

      @Override
      public void init(ActivityExecutionContext context) {
        given = context;
        super.init(context);
      }

      @Override
      public ActivityOutput execute(ActivityInput input) {
        ActivityExecutionContext context = Objects.requireNonNull(given, "init comes first");
        if (!isEarlier(context.getInfo())) {
          return super.execute(input);
        }
        await(context);
        try {
          return super.execute(input);
        } finally {
          places.release();
        }
      }
    };
  }

  private boolean isEarlier(ActivityInfo copy) {
    return COPYING.contains(copy.getActivityType()) && queues.contains(copy.getActivityTaskQueue());
  }

  /** Heartbeats meanwhile, and keeps the details of its last attempt. */
  private void await(ActivityExecutionContext context) {
    try {
      Optional<CopyProgress> before = context.getHeartbeatDetails(CopyProgress.class);
      while (!places.tryAcquire(BEAT_SECONDS, TimeUnit.SECONDS)) {
        context.heartbeat(before.orElse(null));
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the worker is stopping", stopping);
    }
  }
}
