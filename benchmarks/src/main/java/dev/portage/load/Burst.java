package dev.portage.load;

import java.io.IOException;

/** Many simultaneous approvals of tiny models. */
final class Burst implements Scenario {
  /** Of what the slowest bare workflows take. */
  static final double LIMIT = 1.3;

  @Override
  public String name() {
    return "burst";
  }

  @Override
  public String title(Size size) {
    return count(size) + " tiny models approved at once";
  }

  private static int count(Size size) {
    return size.of(4, 20, 200);
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    Promotions promotions = Promotions.waiting(world, "burst", count(size));
    world.say("burst: approving " + promotions.size());
    Decided ours = Decided.atOnce(promotions, TIMEOUT);
    world.say("burst: as many bare workflows");
    Decided theirs = bare.atOnce("burst", promotions.size(), TIMEOUT);
    return compared(outcome(size), ours, theirs)
        .exact(Counted.now(world).released(promotions))
        .done(world.warnings());
  }

  /** The lines that compare decisions about many promotions with as many bare workflows. */
  static Outcome.Builder compared(Outcome.Builder outcome, Decided ours, Decided theirs) {
    outcome
        .figure(
            Figure.spread(
                "decision to next step, p50 / p99", ours.toNextStep(), theirs.toNextStep()))
        .figure(Figure.spread("decision to end, p50 / p99", ours.toEnd(), theirs.toEnd()))
        .figure(
            Figure.spread(
                "a short activity waited for a worker, p50 / p99",
                ours.together().waited(),
                theirs.together().waited()))
        .figure(Figure.seconds("first decision to last end", ours.seconds(), theirs.seconds()));
    return costs(outcome, ours, theirs)
        .aim(
            new Aim(
                "decision to next step, p99, relative to bare workflows",
                ours.toNextStep().p99() / theirs.toNextStep().p99(),
                LIMIT,
                ""))
        .aim(
            new Aim(
                "a short activity's wait for a worker, p99, relative to bare workflows",
                ours.together().waited().p99() / theirs.together().waited().p99(),
                LIMIT,
                ""));
  }

  /** The lines that compare the cost of decisions with as many bare workflows. */
  static Outcome.Builder costs(Outcome.Builder outcome, Decided ours, Decided theirs) {
    return outcome
        .figure(
            Figure.seconds(
                "CPU time of workers, each", ours.each(Part.WORKERS), theirs.each(Part.BARE)))
        .figure(
            Figure.seconds(
                "CPU time of Temporal, each", ours.each(Part.TEMPORAL), theirs.each(Part.TEMPORAL)))
        .waits(ours.waits())
        .used(ours.used());
  }
}
