package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Gate;
import dev.portage.sandbox.Gate.Call;
import dev.portage.sandbox.Gate.Moment;
import dev.portage.sandbox.OwnsTheWorld;
import dev.portage.sandbox.Reaper;
import dev.portage.sandbox.Reaper.Kill;
import dev.portage.sandbox.Sizes;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers die at each call about an endpoint, beside a load that never stops. */
@OwnsTheWorld
class ServingDeathIT {
  private static final ServingUnderFaults SERVING = new ServingUnderFaults();
  private static final ServedRollbackUnderFaults ROLLBACK = new ServedRollbackUnderFaults();

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  @Tag("S1.10")
  void aWorkerKilledAtEachCallAboutAnEndpointLosesNoRequest() throws Exception {
    World world = TheWorld.world();
    assumeThat(Sizes.EVERYTHING).as("only in -Pstack").isTrue();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    List<Cell> cells =
        Matrix.of(SERVING).stream()
            .filter(cell -> cell.fault().isKill() && cell.whyNot().isEmpty())
            .toList();
    try (Crew crew = SERVING.crew("served_survivor", world);
        TemporalConnection temporal =
            TemporalConnection.open(Map.of(), crew.team().repository().folder())) {
      List<Cell> created = cells.stream().filter(ServingUnderFaults::creates).toList();
      play(crew, temporal, created);
      play(crew, temporal, cells.stream().filter(cell -> !created.contains(cell)).toList());
    }
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  @Tag("S1.10")
  void aWorkerKilledWhileARollbackMovesTheTrafficLosesNoRequest() throws Exception {
    World world = TheWorld.world();
    assumeThat(Sizes.EVERYTHING).as("only in -Pstack").isTrue();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    List<Cell> cells =
        Matrix.of(ROLLBACK).stream()
            .filter(cell -> cell.fault().isKill() && cell.whyNot().isEmpty())
            .toList();
    try (Crew crew = ROLLBACK.crew("served_went_back", world);
        TemporalConnection temporal =
            TemporalConnection.open(Map.of(), crew.team().repository().folder())) {
      ROLLBACK.prepare(crew, cells.getFirst());
      Standing before = Standing.of(crew);
      String rollback = ROLLBACK.next(crew);
      Reaper reaper = new Reaper(world, temporal, rollback);
      long began = System.nanoTime();
      Traffic.Came came;
      try (Traffic traffic = Served.traffic(crew)) {
        TheWorld.gate("prod").watch(new AtPoints(Map.of(cells.getFirst().point(), reaper)));
        try {
          RollbackUnderFaults.order(crew);
        } finally {
          TheWorld.gate("prod").watch(Gate.Watcher.NONE);
        }
        came = traffic.end();
      }
      long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
      Served.answered(crew, came, before);
      Operation.Ending ending =
          new Operation.Ending(
              rollback,
              null,
              crew.temporal().state(rollback),
              crew.team().commands().json("status", rollback).out(),
              List.of());
      String outcome = ROLLBACK.judge(cells.getFirst(), crew, ending, before);
      Kills.record(cells, reaper.kills(), List.of(), outcome, millis);
    }
  }

  private static void play(Crew crew, TemporalConnection temporal, List<Cell> cells)
      throws Exception {
    SERVING.prepare(crew, cells.getFirst());
    Standing before = Standing.of(crew);
    String promotion = SERVING.next(crew);
    Map<Point, Reaper> reapers = new LinkedHashMap<>();
    cells.forEach(cell ->
        reapers.computeIfAbsent(
            cell.point(), point -> new Reaper(TheWorld.world(), temporal, promotion)));
    long began = System.nanoTime();
    Result end;
    List<String> champions;
    try (ChampionWatch watch = new ChampionWatch(TheWorld.world().mlflow("prod"), crew.model())) {
      TheWorld.gate("prod").watch(new AtPoints(reapers));
      try {
        end = promoted(crew, promotion, before);
      } finally {
        TheWorld.gate("prod").watch(Gate.Watcher.NONE);
      }
      champions = watch.end();
    }
    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
    assertThat(end.code()).as(end.out()).isZero();
    Operation.Ending ending =
        new Operation.Ending(promotion, null, "RELEASED", end.out(), List.of());
    String outcome = SERVING.judge(cells.getFirst(), crew, ending, before);
    Players.answeredThroughout(before, Standing.of(crew), champions);
    List<Kill> kills = new ArrayList<>();
    reapers.values().forEach(reaper -> kills.addAll(reaper.kills()));
    Kills.record(cells, kills, List.of(), outcome, millis);
  }

  private static Result promoted(Crew crew, String promotion, Standing before) throws Exception {
    if (before.served().isEmpty()) {
      return startedAndApproved(crew, promotion);
    }
    try (Traffic traffic = Served.traffic(crew)) {
      Result end = startedAndApproved(crew, promotion);
      Served.answered(crew, traffic.end(), before);
      return end;
    }
  }

  private static Result startedAndApproved(Crew crew, String promotion) {
    Result waiting = crew.team().start();
    assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
    return crew.team().approveAndWatch(promotion);
  }

  /** Each point's own reaper sees that point's calls alone, once it is the promotion's step. */
  private record AtPoints(Map<Point, Reaper> reapers) implements Gate.Watcher {

    @Override
    public Moment when(Call call) {
      return reaperOf(call).map(reaper -> reaper.when(call)).orElse(Moment.NEVER);
    }

    @Override
    public void interfere(Call call) {
      reaperOf(call).orElseThrow().interfere(call);
    }

    private Optional<Reaper> reaperOf(Call call) {
      return reapers.entrySet().stream()
          .filter(entry -> entry.getKey().isAt(call))
          .map(Map.Entry::getValue)
          .findFirst();
    }
  }
}
