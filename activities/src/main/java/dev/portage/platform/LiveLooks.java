package dev.portage.platform;

import dev.portage.live.LiveActivities;
import dev.portage.live.LiveQuery;
import dev.portage.live.LiveSeen;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.store.Parallel;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What is live, read in parallel: under a turn everyone else waits. */
public final class LiveLooks implements LiveActivities {

  private final LiveInspection live;

  /** Looks by this. */
  public LiveLooks(LiveInspection live) {
    this.live = live;
  }

  @Override
  public LiveSeen look(LiveQuery query) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      LiveReading.Reading reading = live.begin(query, threads);
      VersionQuery version = query.version();
      String promotion = query.promotion();
      @Nullable Future<Boolean> released =
          version == null || promotion == null
              ? null
              : threads.submit(() -> live.isReleased(version, promotion));
      VersionOrder order = query.settle();
      // On this thread, which knows the activity's attempt.
      List<String> removed = order == null ? List.of() : live.settle(order);
      return reading
          .seen(released == null ? null : Parallel.awaited(released))
          .settling(removed)
          .leaving(live.leftBehind(query, reading));
    } finally {
      Parallel.end(threads);
    }
  }
}
