package dev.portage.load;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Both workers are killed while many promotions wait, and the promotions are approved before a
 * worker is back.
 */
final class Killed implements Scenario {

  @Override
  public String name() {
    return "killed";
  }

  @Override
  public String title(Size size) {
    return "Both workers killed with " + count(size) + " waiting, which are approved meanwhile";
  }

  private static int count(Size size) {
    return size.of(3, 20, 200);
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    Promotions promotions = Promotions.waiting(world, "killed", count(size));
    List<Long> before = world.workers();
    long began = System.nanoTime();
    world.killWorkers();
    // Signals, which last where nobody takes them up.
    List<Instant> sent = promotions.decideBySignal();
    world.awaitOtherWorkers(before);
    double away = (System.nanoTime() - began) / 1e9;
    Meter.Reading back = world.meter().read();
    promotions.awaitReleased(TIMEOUT);
    Map<Part, Used> used = Meter.between(back, world.meter().read());
    Decided ours = Decided.of(promotions.histories(), sent, used);
    Decided undisturbed = bare.atOnce("killed", promotions.size(), TIMEOUT);
    return outcome(size)
        .figure(Figure.of("until both workers were back", Spread.seconds(away)))
        .figure(
            Figure.seconds(
                "first decision to last end; bare ones were not killed",
                ours.seconds(),
                undisturbed.seconds()))
        .figure(
            Figure.seconds(
                "CPU time of workers since they were back, each",
                ours.each(Part.WORKERS),
                undisturbed.each(Part.BARE)))
        .waits(ours.waits())
        .used(used)
        .exact(Counted.now(world).released(promotions))
        .done(world.warnings());
  }
}
