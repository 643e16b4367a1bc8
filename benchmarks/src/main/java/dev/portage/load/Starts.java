package dev.portage.load;

import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code portage start} many times at once, each in a process of its own as in a pipeline. */
final class Starts implements Scenario {
  /** Seconds that a preflight may take on an idle machine. */
  private static final double LIMIT = 1;

  @Override
  public String name() {
    return "starts";
  }

  @Override
  public String title(Size size) {
    return count(size) + " × portage start at once";
  }

  private static int count(Size size) {
    return size.of(2, 4, 16);
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    Promotions alone = Promotions.ofModels(world, "start-alone", size.of(1, 3, 5), null);
    Meter.Reading beforeAlone = world.meter().read();
    List<Duration> oneByOne =
        alone.versions().stream().map(version -> start(world, "start-alone", version)).toList();
    Map<Part, Used> usedAlone = Meter.between(beforeAlone, world.meter().read());
    Promotions many = Promotions.ofModels(world, "start-many", count(size), null);
    Meter.Reading before = world.meter().read();
    List<Duration> atOnce =
        Together.all(many.versions(), version -> start(world, "start-many", version));
    Map<Part, Used> used = Meter.between(before, world.meter().read());
    many.awaitWaiting(TIMEOUT);
    Spread preflights = preflights(world, "start-alone");
    return outcome(size)
        .figure(
            Figure.of("one after another, until it waits, p50 / p99", Spread.of(oneByOne).shown()))
        .figure(Figure.of("preflight of these, p50 / p99", preflights.shown()))
        .figure(
            Figure.of(
                "CPU time of Temporal for each of these",
                Spread.seconds(each(usedAlone, Part.TEMPORAL, alone))))
        .figure(
            Figure.of(
                "CPU time of workers for each of these",
                Spread.seconds(each(usedAlone, Part.WORKERS, alone))))
        .figure(Figure.of("at once, until it waits, p50 / p99", Spread.of(atOnce).shown()))
        .figure(Figure.of("preflight of these, p50 / p99", preflights(world, "start-many").shown()))
        .figure(
            Figure.of(
                "CPU time of Temporal for each of these",
                Spread.seconds(each(used, Part.TEMPORAL, many))))
        .used(used)
        .exact(Counted.now(world).untouched(List.of(alone, many)))
        .aim(new Aim("preflight of a start, p50", preflights.p50(), LIMIT, " s"))
        .done(world.warnings());
  }

  private static double each(Map<Part, Used> used, Part part, Promotions promotions) {
    return used.getOrDefault(part, new Used(0, 0, 0)).seconds() / promotions.size();
  }

  private static Duration start(LoadWorld world, String folder, Models.Version version) {
    try {
      return new Commands(world, world.folder(folder))
          .process(
              Commands.WAITING,
              version.model(),
              "start",
              version.model() + ".yaml",
              "--version",
              version.number(),
              "--by",
              "sam@example.com");
    } catch (IOException e) {
      throw new LoadException("no folder " + folder, e);
    }
  }

  /** How long the preflights of models took, from their histories. */
  private static Spread preflights(LoadWorld world, String prefix) {
    List<WorkflowExecutionInfo> found =
        world
            .stubs()
            .blockingStub()
            .listWorkflowExecutions(
                ListWorkflowExecutionsRequest.newBuilder()
                    .setNamespace(world.client().getOptions().getNamespace())
                    .setQuery("WorkflowId STARTS_WITH 'preflight/" + prefix + "-'")
                    .build())
            .getExecutionsList();
    return Spread.of(
        found.stream()
            .map(each ->
                Duration.between(History.at(each.getStartTime()), History.at(each.getCloseTime())))
            .toList());
  }
}
