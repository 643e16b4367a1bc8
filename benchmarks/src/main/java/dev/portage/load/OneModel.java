package dev.portage.load;

import dev.portage.sandbox.demo.DemoRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Many versions of one model, approved at once: they take turns. Without a scoring job: with one,
 * each would ask for approval again whenever another went live before it, since its plan names the
 * job.
 */
final class OneModel implements Scenario {
  private static final String MODEL = "one-model";

  @Override
  public String name() {
    return "one-model";
  }

  @Override
  public String title(Size size) {
    return count(size) + " versions of one model approved at once, one turn after another";
  }

  private static int count(Size size) {
    return size.of(3, 10, 50);
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    DemoRepository repository =
        DemoRepository.of(
            world.folder("one-model-project"), world.folder("repositories").resolve(MODEL));
    Path folder = repository.folder();
    Files.writeString(
        folder.resolve(MODEL + ".yaml"),
        """
        model: %s
        experiment: %s
        concurrency: queue
        gates:
          %s: ">= 0.5"
        """
            .formatted(MODEL, Promotions.COPIES, Models.METRIC));
    String commit = repository.commit("kim@example.com", "Train");
    Promotions promotions =
        Promotions.of(world, MODEL + "/", folder, new Models(world).ofOne(MODEL, count(size)))
            .asOfCommit(MODEL + "/", commit);
    world.say("one-model: starting " + promotions.size());
    promotions.startAndAwait(TIMEOUT);
    Meter.Reading before = world.meter().read();
    List<Instant> sent = promotions.decide();
    promotions.awaitReleased(TIMEOUT.multipliedBy(2));
    Map<Part, Used> used = Meter.between(before, world.meter().read());
    Decided ours = Decided.of(promotions.histories(), sent, used);
    return outcome(size)
        .figure(
            Figure.of(
                "decision to end, p50 / p99, the last after all others", ours.toEnd().shown()))
        .figure(
            Figure.of(
                "from one end to the next, on average",
                Spread.seconds(ours.seconds() / promotions.size())))
        .figure(Figure.of("CPU time of workers, each", Spread.seconds(ours.each(Part.WORKERS))))
        .figure(Figure.of("CPU time of Temporal, each", Spread.seconds(ours.each(Part.TEMPORAL))))
        .waits(ours.waits())
        .used(used)
        .exact(Counted.now(world).releasedOneAfterAnother(promotions))
        .exact(oneTurnAtATime(ours.histories()))
        .done(world.warnings());
  }

  /**
   * From the grant of a promotion's turn until its champion had moved, no other had the turn,
   * according to Temporal's histories. It is given back right afterwards, where the workflow runs.
   */
  static String oneTurnAtATime(List<History> histories) {
    List<Turn> turns = new ArrayList<>();
    for (History history : histories) {
      turns.add(
          new Turn(
              moment(history, "AwaitGrant", History.Ran::ended),
              moment(history, "Mark", History.Ran::ended)));
    }
    turns.sort(Comparator.comparing(Turn::began));
    for (int i = 1; i < turns.size(); i++) {
      if (turns.get(i).began().isBefore(turns.get(i - 1).ended())) {
        throw new LoadException("two turns at once: " + turns.get(i - 1) + " and " + turns.get(i));
      }
    }
    return turns.size() + " turns, no two at the same time";
  }

  private record Turn(Instant began, Instant ended) {}

  private static Instant moment(
      History history, String type, Function<History.Ran, @Nullable Instant> which) {
    for (History.Ran ran : history.after()) {
      Instant moment = ran.type().equals(type) ? which.apply(ran) : null;
      if (moment != null) {
        return moment;
      }
    }
    throw new LoadException("a promotion was released without " + type);
  }
}
