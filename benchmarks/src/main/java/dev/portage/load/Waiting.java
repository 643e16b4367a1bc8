package dev.portage.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** More and more promotions that wait for people: what that costs while nothing happens. */
final class Waiting implements Scenario {
  /** Of a core, workers and server together. */
  private static final double LIMIT = 0.01;

  private static final Duration SETTLING = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "waiting";
  }

  @Override
  public String title(Size size) {
    return "Up to " + counts(size).getLast() + " promotions waiting for people";
  }

  private static List<Integer> counts(Size size) {
    return size.of(List.of(2, 4), List.of(20, 50), List.of(20, 200, 2_000));
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    Outcome.Builder outcome = outcome(size);
    List<Promotions> all = new ArrayList<>();
    Map<Part, Used> none = idle(world, size);
    outcome.figure(Figure.of("with none waiting", shown(none)));
    Map<Part, Used> many = none;
    int there = 0;
    for (int count : counts(size)) {
      world.say("waiting: starting " + (count - there) + " more");
      Promotions more = Promotions.ofModels(world, "waiting" + count, count - there, null);
      Meter.Reading before = world.meter().read();
      double seconds = more.startAndAwait(PATIENCE).toNanos() / 1e9;
      Map<Part, Used> started = Meter.between(before, world.meter().read());
      outcome.figure(
          Figure.of(
              (count - there) + " started, until the last waits",
              String.format(
                  Locale.ROOT,
                  "%s; each %.2f s of the workers', %.2f s of Temporal's, %.2f s of MLflow's"
                      + " processor time",
                  Spread.seconds(seconds),
                  each(started, Part.WORKERS, more),
                  each(started, Part.TEMPORAL, more),
                  each(started, Part.MLFLOW, more))));
      all.add(more);
      there = count;
      many = idle(world, size);
      outcome.figure(Figure.of("with " + count + " waiting", shown(many)));
    }
    Counted counted = Counted.now(world);
    all.forEach(promotions -> outcome.exact(counted.untouched(promotions)));
    return outcome
        .used(many)
        .aim(
            new Aim(
                "cores of workers and Temporal for " + there + " waiting, beyond with none",
                Math.max(0, cores(many) - cores(none)),
                LIMIT,
                " cores"))
        .done(world.complaints());
  }

  private static double each(Map<Part, Used> used, Part part, Promotions promotions) {
    return of(used, part).seconds() / promotions.size();
  }

  /** Nothing is sent, and nobody looks. */
  private static Map<Part, Used> idle(LoadWorld world, Size size) {
    LoadWorld.pause(SETTLING);
    Meter.Reading before = world.meter().read();
    LoadWorld.pause(Duration.ofSeconds(size.of(3, 20, 60)));
    return Meter.between(before, world.meter().read());
  }

  private static double cores(Map<Part, Used> used) {
    return of(used, Part.WORKERS).cores() + of(used, Part.TEMPORAL).cores();
  }

  private static Used of(Map<Part, Used> used, Part part) {
    return used.getOrDefault(part, new Used(0, 0, 0));
  }

  private static String shown(Map<Part, Used> used) {
    return String.format(
        Locale.ROOT,
        "%.4f cores of the workers, %.4f of Temporal; %.0f and %.0f MiB",
        of(used, Part.WORKERS).cores(),
        of(used, Part.TEMPORAL).cores(),
        of(used, Part.WORKERS).resident() / 1048576.0,
        of(used, Part.TEMPORAL).resident() / 1048576.0);
  }
}
