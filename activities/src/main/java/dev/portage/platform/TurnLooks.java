package dev.portage.platform;

import dev.portage.plan.LiveActivities;
import dev.portage.plan.LiveQuery;
import dev.portage.plan.LiveSeen;
import dev.portage.registry.Champion;
import dev.portage.registry.VersionOrder;
import dev.portage.store.Parallel;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the holder of a turn has to know, read in parallel. */
public final class TurnLooks implements LiveActivities {

  private final LiveInspection live;

  /** Looks by this. */
  public TurnLooks(LiveInspection live) {
    this.live = live;
  }

  @Override
  public LiveSeen lookUnderTurn(LiveQuery query) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Future<Optional<Champion>> champion = threads.submit(() -> live.champion(query.champion()));
      Future<LiveInspection.JobSeen> job =
          threads.submit(() -> live.job(query.job(), query.champion()));
      Future<Boolean> released =
          threads.submit(() -> live.isReleased(query.version(), query.promotion()));
      VersionOrder order = query.settle();
      if (order != null) {
        // On this thread, which knows the activity's attempt.
        live.settle(order);
      }
      LiveInspection.JobSeen seen = Parallel.awaited(job);
      return new LiveSeen(
          Parallel.awaited(champion).orElse(null),
          seen.job(),
          seen.unseen(),
          Parallel.awaited(released));
    } finally {
      Parallel.end(threads);
    }
  }
}
