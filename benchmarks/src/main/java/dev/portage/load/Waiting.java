package dev.portage.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A growing number of promotions that wait for people, and what they cost while nothing happens.
 */
final class Waiting implements Scenario {
  /** Of a core, workers and server together. */
  private static final double LIMIT = 0.01;

  private static final Duration SETTLING = Duration.ofSeconds(5);

  /** As many as the next measurements need. */
  private static final int CHUNK = 200;

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
      Meter.Reading before = world.meter().read();
      List<Promotions> more = new ArrayList<>();
      double seconds = 0;
      for (int left = count - there; left > 0; left -= CHUNK) {
        world.say("waiting: starting " + left + " more");
        Promotions chunk =
            Promotions.ofModels(
                world,
                "waiting%02d".formatted(all.size() + more.size()),
                Math.min(CHUNK, left),
                null);
        seconds += chunk.startAndAwait(TIMEOUT).toNanos() / 1e9;
        more.add(chunk);
      }
      Map<Part, Used> started = Meter.between(before, world.meter().read());
      outcome.figure(started(count - there, seconds, started));
      all.addAll(more);
      there = count;
      many = idle(world, size);
      outcome.figure(Figure.of("with " + count + " waiting", shown(many)));
    }
    outcome.exact(Counted.now(world).untouched(all));
    all.forEach(world::keep);
    return outcome
        .used(many)
        .aim(
            new Aim(
                "cores of workers and Temporal for " + there + " waiting, beyond none",
                Math.max(0, cores(many) - cores(none)),
                LIMIT,
                " cores"))
        .done(world.warnings());
  }

  private static Figure started(int count, double seconds, Map<Part, Used> used) {
    return Figure.of(
        count + " started, until the last waits",
        String.format(
            Locale.ROOT,
            "%s; each %.2f s of the workers', %.2f s of Temporal's, %.2f s of MLflow's CPU time",
            Spread.seconds(seconds),
            of(used, Part.WORKERS).seconds() / count,
            of(used, Part.TEMPORAL).seconds() / count,
            of(used, Part.MLFLOW).seconds() / count));
  }

  /** Nothing is sent, and nobody watches. */
  private static Map<Part, Used> idle(LoadWorld world, Size size) {
    LoadWorld.pause(SETTLING);
    Meter.Reading before = world.meter().read();
    LoadWorld.pause(Duration.ofSeconds(size.of(3, 20, 30)));
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
