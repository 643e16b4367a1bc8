package dev.portage.load;

import dev.portage.promotion.PromotionState;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.client.WorkflowNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Many approvals of tiny models while large copies are under way and others wait for them. */
final class BesideCopies implements Scenario {
  private static final Duration LOOK = Duration.ofMillis(500);

  @Override
  public String name() {
    return "copies";
  }

  @Override
  public String title(Size size) {
    return count(size)
        + " tiny models approved at once beside "
        + large(size)
        + " copies of "
        + bytes(size) / 1_000_000
        + " MB";
  }

  private static int count(Size size) {
    return size.of(3, 20, 200);
  }

  private static int large(Size size) {
    return size.of(2, 5, 50);
  }

  private static long bytes(Size size) {
    return size.of(20L, 200L, 500L) * 1_000_000;
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    Path file = new Models(world).largeFile(bytes(size));
    Promotions large = Promotions.ofModels(world, "large", large(size), file);
    Promotions tiny = Promotions.waiting(world, "beside", count(size));
    Promotions started = Promotions.ofModels(world, "started-beside", 1, null);
    world.say("copies: starting all; each large file is digested now");
    large.startAndAwait(TIMEOUT);
    world.say("copies: approving the large ones");
    large.decide();
    awaitCopy(large);
    Duration start =
        new Commands(world, world.folder("started-beside"))
            .process(
                Commands.WAITING,
                "beside",
                "start",
                started.versions().getFirst().model() + ".yaml",
                "--version",
                "1",
                "--by",
                "sam@example.com");
    world.say("copies: approving the tiny ones");
    Decided ours = Decided.atOnce(tiny, TIMEOUT);
    long left = large.size() - large.count("ExecutionStatus = 'Completed'");
    // After ours: if the copies end in the meantime, the bare ones have the advantage.
    world.say("copies: bare workflows beside the " + left + " large ones that are left");
    Decided theirs = bare.atOnce("copies", tiny.size(), TIMEOUT);
    large.ids().forEach(id -> cancel(world, id));
    large.ids().forEach(large::awaitEnd);
    Counted counted = Counted.now(world);
    return Burst.compared(outcome(size), ours, theirs)
        .figure(
            Figure.of(
                "portage start beside the copies, until it waits",
                Spread.seconds(start.toNanos() / 1e9)))
        .figure(
            Figure.of(
                "large copies not released yet when the last tiny one was",
                left + " of " + large.size()))
        .exact(counted.released(tiny))
        .exact(counted.releasedOrNothing(large, releasedOf(large)))
        .done(world.warnings());
  }

  /** Waits until one of them is at its copy. */
  private static void awaitCopy(Promotions large) {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (large.count(PromotionAttributes.STEP.getName() + " = 'prod/copy'") == 0
        && large.count("ExecutionStatus = 'Completed'") == 0) {
      if (System.nanoTime() > end) {
        throw new LoadException("no large copy has begun");
      }
      LoadWorld.pause(LOOK);
    }
  }

  private static void cancel(LoadWorld world, String id) {
    try {
      world.client().newUntypedWorkflowStub(id).cancel("measured");
    } catch (WorkflowNotFoundException ended) {
      // It has finished in the meantime.
    }
  }

  private static List<String> releasedOf(Promotions large) {
    return large.ids().stream()
        .filter(id -> large.view(id).state() == PromotionState.RELEASED)
        .toList();
  }
}
