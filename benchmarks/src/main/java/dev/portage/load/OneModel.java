package dev.portage.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.demo.DemoRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Many versions of one model, approved at once: they take turns, and each turn has a run of the
 * scoring job, which really runs its notebook.
 */
final class OneModel implements Scenario {
  private static final String MODEL = "one-model";

  @Override
  public String name() {
    return "one-model";
  }

  @Override
  public String title(Size size) {
    return count(size) + " versions of one model approved at once, each scored under its turn";
  }

  private static int count(Size size) {
    return size.of(3, 10, 50);
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    DemoRepository repository =
        DemoRepository.of(
            world.root().resolve("benchmarks/src/main/projects/load"),
            world.folder("repositories").resolve(MODEL));
    Path folder = repository.folder();
    Files.writeString(
        folder.resolve(MODEL + ".yaml"),
        """
        model: %s
        experiment: %s
        gates:
          %s: ">= 0.5"
        batch: score.py
        """
            .formatted(MODEL, Promotions.COPIES, Models.METRIC));
    String commit = repository.commit("kim@example.com", "Score");
    Promotions promotions =
        Promotions.of(world, MODEL + "/", folder, new Models(world).ofOne(MODEL, count(size)))
            .asOfCommit(MODEL + "/", commit);
    world.say("one-model: starting " + promotions.size());
    promotions.startAndAwait(PATIENCE);
    Meter.Reading before = world.meter().read();
    List<Instant> sent = promotions.decide();
    promotions.awaitReleased(PATIENCE.multipliedBy(2));
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
        .figure(
            Figure.of("processor time of workers, each", Spread.seconds(ours.each(Part.WORKERS))))
        .figure(
            Figure.of("processor time of Temporal, each", Spread.seconds(ours.each(Part.TEMPORAL))))
        .waits(ours.waits())
        .used(used)
        .exact(Counted.now(world).releasedOneAfterAnother(promotions))
        .exact(oneTurnAtATime(world, promotions))
        .done(world.complaints());
  }

  /** The scoring job's own runs: one for each promotion, and no two at the same time. */
  private static String oneTurnAtATime(LoadWorld world, Promotions promotions) throws IOException {
    List<JsonNode> runs = new ArrayList<>();
    for (JsonNode run : world.workspace("prod").jobRuns()) {
      if (run.path("run_name").asText().startsWith(MODEL)) {
        runs.add(run);
      }
    }
    if (runs.size() != promotions.size()) {
      throw new LoadException(
          runs.size() + " runs of the scoring job for " + promotions.size() + " promotions");
    }
    runs.sort(Comparator.comparingLong(run -> run.path("start_time").asLong()));
    for (int i = 1; i < runs.size(); i++) {
      long ended = runs.get(i - 1).path("end_time").asLong();
      long began = runs.get(i).path("start_time").asLong();
      if (ended == 0 || began < ended) {
        throw new LoadException(
            "two turns at once: run "
                + runs.get(i).path("run_id").asText()
                + " of the scoring job");
      }
    }
    return runs.size()
        + " runs of the scoring job, one for each promotion and no two at the same time";
  }
}
