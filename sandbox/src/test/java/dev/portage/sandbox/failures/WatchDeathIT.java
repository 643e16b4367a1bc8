package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Gate;
import dev.portage.sandbox.Gate.Call;
import dev.portage.sandbox.Gate.Moment;
import dev.portage.sandbox.OwnsTheWorld;
import dev.portage.sandbox.Reaper;
import dev.portage.sandbox.Sizes;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A released version is watched while the worker dies, and then Temporal itself; it turns bad, and
 * the worker dies at each call by which it is taken back.
 */
@OwnsTheWorld
@DisabledOnOs(OS.WINDOWS)
class WatchDeathIT {
  private static final WatchUnderFaults WATCH = new WatchUnderFaults();
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final World world = TheWorld.world();

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  @Tag("S1.10")
  @Tag("S2.35")
  void aWatchSurvivesTheWorkersDeathAndTemporalsAndTakesTheVersionBackOnce() throws Exception {
    assumeThat(Sizes.EVERYTHING).as("only in -Pstack").isTrue();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    List<Cell> kills =
        Matrix.of(WATCH).stream()
            .filter(cell -> cell.fault().isKill() && cell.whyNot().isEmpty())
            .toList();
    try (Crew crew = WATCH.crew("watched_survivor", world);
        TemporalConnection temporal =
            TemporalConnection.open(Map.of(), crew.team().repository().folder())) {
      WATCH.prepare(crew, kills.getFirst());
      Standing before = Standing.of(crew);
      String watch = WATCH.next(crew);
      Reaper reaper = new Reaper(world, temporal, watch);
      long began = System.nanoTime();
      Result end;
      List<String> champions;
      try (Traffic traffic = Served.traffic(crew);
          ChampionWatch champion = new ChampionWatch(world.mlflow("prod"), crew.model())) {
        killWorker();
        goesOn(crew, watch);
        killTemporal();
        goesOn(crew, watch);
        TheWorld.gate("prod")
            .watch(new AtPoints(kills.stream().map(Cell::point).toList(), crew.model(), reaper));
        try {
          // A look and its requests, which fare as before: nothing of it is the version's fault.
          Awaitility.await("kills at looks")
              .atMost(LONGEST)
              .until(() -> goneThrough(crew, watch, kills, reaper));
          WatchUnderFaults.turnBad(crew, watch);
          end = crew.team().commands().json("watch", watch);
        } finally {
          TheWorld.gate("prod").watch(Gate.Watcher.NONE);
        }
        champions = champion.end();
        Served.answered(crew, traffic.end(), before);
      }
      long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();

      assertThat(end.code()).as(end.out()).isEqualTo(3);
      Operation.Ending ending =
          new Operation.Ending(
              watch, null, end.json().path("state").asText(), end.out(), List.of());
      String outcome = WATCH.isTakenBackOnce(kills.getFirst(), crew, ending, before);
      Players.answeredThroughout(before, Standing.of(crew), champions);
      Kills.record(kills, reaper.kills(), List.of(), outcome, millis);
      record(outcome, millis);
    }
  }

  private void killWorker() {
    long worker = world.worker("prod").pid();
    world.worker("prod").kill();
    Awaitility.await().atMost(LONGEST).until(() -> world.worker("prod").pid() != worker);
  }

  private void killTemporal() {
    long temporal = world.temporal().pid();
    ProcessHandle.of(temporal).orElseThrow().destroyForcibly();
    Awaitility.await().atMost(LONGEST).until(() -> world.temporal().pid() != temporal);
  }

  /** Three more looks judge the version, and find nothing wrong. */
  private static void goesOn(Crew crew, String watch) {
    int[] judged = {-1};
    Awaitility.await(watch + " goes on")
        .atMost(LONGEST)
        .until(() -> {
          Result status = crew.team().commands().json("status", watch);
          if (status.code() == 1) {
            // Nobody answers yet.
            return false;
          }
          JsonNode view = status.json();
          assertThat(view.path("state").asText()).as(status.out()).isEqualTo("RUNNING");
          assertThat(view.path("broken").asText("")).as(status.out()).isEmpty();
          int now = view.path("judged").asInt();
          judged[0] = judged[0] < 0 ? now : judged[0];
          return now >= judged[0] + 3;
        });
  }

  /** Whether the worker died after each call of a look. */
  private static boolean goneThrough(Crew crew, String watch, List<Cell> kills, Reaper reaper) {
    assertThat(crew.temporal().runs(watch)).as(watch + " runs").isTrue();
    return kills.stream()
        .map(Cell::point)
        .filter(point -> point.steps().contains("watch"))
        .allMatch(point ->
            reaper.kills().stream()
                .anyMatch(kill -> kill.moment() == Moment.AFTER && point.isAt(kill.call())));
  }

  private static void record(String outcome, long millis) {
    Map<String, String> reactions =
        Map.of(
            WatchUnderFaults.WORKER_KILLED,
            "worker of prod killed; the worker that was started next went on with the watch",
            WatchUnderFaults.TEMPORAL_RESTARTED,
            "Temporal killed; the one that was started next went on with the watch");
    Matrix.of(WATCH).stream()
        .filter(cell -> reactions.containsKey(cell.point().name()))
        .forEach(cell ->
            Records.add(
                Happened.passed(
                    cell, reactions.getOrDefault(cell.point().name(), ""), outcome, millis)));
  }

  /** Has a reaper see the calls alone that the points are about, for that model. */
  private record AtPoints(List<Point> points, String model, Reaper reaper) implements Gate.Watcher {

    @Override
    public Moment when(Call call) {
      return points.stream().anyMatch(point -> point.isAt(call)) && Point.mentions(call, model)
          ? reaper.when(call)
          : Moment.NEVER;
    }

    @Override
    public void interfere(Call call) {
      reaper.interfere(call);
    }
  }
}
