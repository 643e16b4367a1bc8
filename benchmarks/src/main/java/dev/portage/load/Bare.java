package dev.portage.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bare workflows with as many activities as a promotion has, on the same server: Temporal's own
 * cost.
 */
final class Bare implements AutoCloseable {
  private final LoadWorld world;
  private final BareWorkflow.Shape shape;

  private Bare(LoadWorld world, BareWorkflow.Shape shape) {
    this.world = world;
    this.shape = shape;
  }

  /** Workflows with the activities of a promotion that has ended; their workers run from now on. */
  static Bare like(LoadWorld world, History promotion) throws IOException {
    BareWorkflow.Shape shape =
        new BareWorkflow.Shape(queues(promotion.before()), queues(promotion.after()));
    world
        .bare()
        .serve(Stream.concat(shape.before().stream(), shape.after().stream()).distinct().toList());
    return new Bare(world, shape);
  }

  private static List<String> queues(List<History.Ran> activities) {
    return activities.stream()
        .map(ran -> ran.queue().replaceFirst("^portage", BareWorkflow.TASK_QUEUE))
        .toList();
  }

  /** Activities of each before and after its decision. */
  BareWorkflow.Shape shape() {
    return shape;
  }

  /** Lets as many wait, and decides all at once. */
  Decided atOnce(String name, int count, Duration timeout) {
    BareCrowd crowd = new BareCrowd(world, name, count, shape);
    crowd.startAndAwait(timeout);
    return Decided.atOnce(crowd, timeout);
  }

  @Override
  public void close() {
    world.bare().end();
  }
}
