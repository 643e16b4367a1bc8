package dev.portage.worker;

import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyProgress;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.metadata.POJOActivityInterfaceMetadata;
import io.temporal.common.metadata.POJOActivityMethodMetadata;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets few activities move bytes at once, whatever else this worker does meanwhile. Waiting for a
 * run costs nothing and may have many slots; copies share one network.
 */
final class CopySlots extends WorkerInterceptorBase {

  private static final Set<String> COPYING =
      POJOActivityInterfaceMetadata.newInstance(CopyActivities.class).getMethodsMetadata().stream()
          .map(POJOActivityMethodMetadata::getActivityTypeName)
          .collect(Collectors.toUnmodifiableSet());

  private static final long BEAT_SECONDS = 5;

  private final Semaphore slots;

  /**
   * Slots for copies.
   *
   * @param atOnce how many may run
   */
  CopySlots(int atOnce) {
    this.slots = new Semaphore(atOnce, true);
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
        if (!COPYING.contains(context.getInfo().getActivityType())) {
          return super.execute(input);
        }
        await(context);
        try {
          return super.execute(input);
        } finally {
          slots.release();
        }
      }
    };
  }

  /** Says meanwhile that the activity lives, and keeps what its last attempt had to say. */
  private void await(ActivityExecutionContext context) {
    try {
      Optional<CopyProgress> before = context.getHeartbeatDetails(CopyProgress.class);
      while (!slots.tryAcquire(BEAT_SECONDS, TimeUnit.SECONDS)) {
        context.heartbeat(before.orElse(null));
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the worker stops", stopping);
    }
  }
}
