package dev.portage.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One promotion after another on an idle machine: what Temporal and the workflow add to the
 * activities.
 */
final class OneByOne implements Scenario {
  /** Of the time inside the activities. */
  private static final double LIMIT = 1.15;

  @Override
  public String name() {
    return "single";
  }

  @Override
  public String title(Size size) {
    return count(size) + " promotions one after another";
  }

  private static int count(Size size) {
    return size.of(2, 5, 10);
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    int warmUp = size.of(1, 5, 10);
    Promotions promotions = Promotions.ofModels(world, "single", warmUp + count(size), null);
    Decided ours = oneByOne(promotions, warmUp);
    Decided theirs =
        oneByOne(new BareCrowd(world, "single", promotions.size(), bare.shape()), warmUp);
    double ratio =
        median(
            ours.histories().stream()
                .map(history -> seconds(history) / history.insideActivities().toNanos() * 1e9)
                .toList());
    double inside =
        median(
            ours.histories().stream()
                .map(history -> history.insideActivities().toNanos() / 1e9)
                .toList());
    Outcome.Builder outcome =
        outcome(size)
            .figure(Figure.spread("decision to end, p50 / p99", ours.toEnd(), theirs.toEnd()))
            .figure(
                Figure.spread(
                    "decision to next step, p50 / p99", ours.toNextStep(), theirs.toNextStep()))
            .figure(
                Figure.of(
                    "inside its "
                        + ours.histories().getFirst().after().size()
                        + " activities after the decision, median",
                    Spread.seconds(inside)));
    return Burst.costs(outcome, ours, theirs)
        .exact(Counted.now(world).released(promotions))
        .aim(
            new Aim(
                "from decision to end, relative to the time inside activities", ratio, LIMIT, ""))
        .done(world.warnings());
  }

  /** From the history's own moments. */
  private static double seconds(History history) {
    Instant decided = history.decided();
    Instant ended = history.ended();
    if (decided == null || ended == null) {
      throw new LoadException("a promotion has no decision or no end");
    }
    return Duration.between(decided, ended).toNanos() / 1e9;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static Decided oneByOne(Crowd crowd, int warmUp) {
    crowd.startAndAwait(TIMEOUT);
    List<Instant> sent = new ArrayList<>();
    Meter.Reading before = crowd.world().meter().read();
    for (int i = 0; i < crowd.size(); i++) {
      if (i == warmUp) {
        before = crowd.world().meter().read();
      }
      String id = crowd.ids().get(i);
      sent.add(crowd.decide(id));
      crowd.awaitEnd(id);
    }
    Meter.Reading after = crowd.world().meter().read();
    Map<Part, Used> used = Meter.between(before, after);
    List<History> histories = crowd.histories();
    return Decided.of(
        histories.subList(warmUp, histories.size()), sent.subList(warmUp, sent.size()), used);
  }
}
