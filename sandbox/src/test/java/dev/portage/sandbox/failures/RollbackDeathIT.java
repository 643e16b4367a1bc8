package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Gate;
import dev.portage.sandbox.OwnsTheWorld;
import dev.portage.sandbox.Reaper;
import dev.portage.sandbox.Sizes;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers die at every step of a rollback: its columns of killed workers in the matrix. */
@OwnsTheWorld
class RollbackDeathIT {
  private static final RollbackUnderFaults ROLLBACK = new RollbackUnderFaults();

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  @Tag("S1.10")
  void aWorkerKilledAtEachChangeOfEachStepLeavesTheReleaseBefore() throws Exception {
    World world = TheWorld.world();
    assumeThat(Sizes.EVERYTHING).as("only in -Pstack").isTrue();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    try (Crew crew = Crew.of("went_back", world);
        TemporalConnection temporal =
            TemporalConnection.open(Map.of(), crew.team().repository().folder())) {
      ROLLBACK.prepare(crew, Matrix.of(ROLLBACK).getFirst());
      Standing before = Standing.of(crew);
      String rollback = ROLLBACK.next(crew);
      Reaper reaper = new Reaper(world, temporal, rollback);
      try (ChampionWatch watch = new ChampionWatch(world.mlflow("prod"), crew.model())) {
        long began = System.nanoTime();
        World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(reaper));
        try {
          RollbackUnderFaults.order(crew);
        } finally {
          World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(Gate.Watcher.NONE));
        }
        List<String> people = finish(crew, rollback);
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();

        List<Cell> cells =
            Matrix.of(ROLLBACK).stream()
                .filter(cell -> cell.fault().isKill() && cell.whyNot().isEmpty())
                .toList();
        Operation.Ending ending =
            new Operation.Ending(
                rollback,
                null,
                crew.temporal().state(rollback),
                crew.team().commands().json("status", rollback).out(),
                people);
        String outcome = ROLLBACK.isBack(cells.getFirst(), crew, ending, before);
        Players.answeredThroughout(before, Standing.of(crew), watch.end());
        Kills.record(cells, reaper.kills(), people, outcome, millis);
      }
    }
  }

  /**
   * What follows is tried for minutes, and each death takes one of its tries.
   *
   * @return what a person did about it
   */
  private static List<String> finish(Crew crew, String rollback) {
    Result status = crew.team().commands().json("status", rollback);
    if (status.json().path("unfinished").size() == 0) {
      return List.of();
    }
    Result resumed = crew.team().commands().run("resume", rollback, "--by", "ana@example.com");
    assertThat(resumed.code()).as(resumed.out()).isZero();
    return List.of("what was unfinished was resumed");
  }
}
