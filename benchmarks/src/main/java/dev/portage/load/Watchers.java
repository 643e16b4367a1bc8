package dev.portage.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many watchers of one promotion each, which waits for people and then continues. */
final class Watchers implements Scenario {
  /** Of a core, for each who watches. */
  private static final double LIMIT = 0.1;

  private static final Duration SETTLING = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "watchers";
  }

  @Override
  public String title(Size size) {
    return count(size) + " × portage watch";
  }

  private static int count(Size size) {
    return size.of(3, 10, 50);
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    Promotions promotions = Promotions.ofModels(world, "watched", count(size), null);
    promotions.startAndAwait(TIMEOUT);
    Duration time = Duration.ofSeconds(size.of(3, 20, 40));
    LoadWorld.pause(SETTLING);
    Map<Part, Used> nobody = during(world, time);
    List<Future<Instant>> watching = new ArrayList<>();
    Map<Part, Used> used;
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      Commands commands = new Commands(world, world.folder("watched"));
      promotions.ids().forEach(id -> watching.add(threads.submit(() -> watch(commands, id))));
      try {
        LoadWorld.pause(SETTLING);
        world.say("watchers: all of them watch");
        used = during(world, time);
        promotions.decide();
        promotions.awaitReleased(TIMEOUT);
      } catch (LoadException wrong) {
        // Else they would watch for ever what does not end.
        threads.shutdownNow();
        throw wrong;
      }
    }
    List<History> histories = promotions.histories();
    List<Duration> late = new ArrayList<>();
    for (int i = 0; i < watching.size(); i++) {
      Instant ended = histories.get(i).ended();
      if (ended != null) {
        late.add(Duration.between(ended, Together.result(watching.get(i))));
      }
    }
    double watcher = used(used, Part.DRIVER).cores() - used(nobody, Part.DRIVER).cores();
    return outcome(size)
        .figure(Figure.of("with nobody watching", cores(nobody)))
        .figure(Figure.of("with " + count(size) + " watching", cores(used)))
        .figure(Figure.of("noticed the end after, p50 / p99", Spread.of(late).shown()))
        .used(used)
        .exact(Counted.now(world).released(promotions))
        .aim(new Aim("cores per watcher", Math.max(0, watcher) / count(size), LIMIT, " cores"))
        .done(world.warnings());
  }

  private static Instant watch(Commands commands, String id) {
    int code = commands.here("watch", id);
    if (code != Commands.DONE) {
      throw new LoadException("portage watch " + id + " ended with " + code);
    }
    return Instant.now();
  }

  private static Map<Part, Used> during(LoadWorld world, Duration time) {
    Meter.Reading before = world.meter().read();
    LoadWorld.pause(time);
    return Meter.between(before, world.meter().read());
  }

  private static Used used(Map<Part, Used> used, Part part) {
    return used.getOrDefault(part, new Used(0, 0, 0));
  }

  private static String cores(Map<Part, Used> used) {
    return String.format(
        Locale.ROOT,
        "%.3f cores for Temporal, %.3f for the workers, %.3f for the watchers",
        used(used, Part.TEMPORAL).cores(),
        used(used, Part.WORKERS).cores(),
        used(used, Part.DRIVER).cores());
  }
}
