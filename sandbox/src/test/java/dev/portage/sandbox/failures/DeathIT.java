package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Gate;
import dev.portage.sandbox.Gate.Moment;
import dev.portage.sandbox.OwnsTheWorld;
import dev.portage.sandbox.Reaper;
import dev.portage.sandbox.Reaper.Kill;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Workers die at every step; what remains at the end. These are the matrix's columns of killed
 * workers: a kill strikes all that a worker does, so one promotion takes all of them, one after
 * another.
 */
@OwnsTheWorld
class DeathIT {
  private static final PromotionUnderFaults PROMOTION = new PromotionUnderFaults();

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  @Tag("S0.17")
  @Tag("S0.18")
  @Tag("S1.07")
  @Tag("S1.10")
  @Tag("S1.12")
  @Tag("S3.13")
  void aWorkerKilledAtEachChangeOfEachStepLeavesOneOfEverything() throws Exception {
    World world = TheWorld.world();
    // Lost attempts are reported to the server, so that the test doesn't wait for 60 timeouts.
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    try (Crew crew = Crew.of("survivor", world);
        ChampionWatch watch = new ChampionWatch(world.mlflow("prod"), crew.model());
        TemporalConnection temporal =
            TemporalConnection.open(Map.of(), crew.team().repository().folder())) {
      Standing before = Standing.of(crew);
      String promotion = PROMOTION.next(crew);
      Reaper reaper = new Reaper(world, temporal, promotion);
      long began = System.nanoTime();
      World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(reaper));
      Result end;
      AtomicBoolean resumed = new AtomicBoolean();
      try {
        Result waiting = crew.team().start();
        assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
        end = approveAndHurry(crew, promotion, resumed);
      } finally {
        World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(Gate.Watcher.NONE));
      }
      long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();

      assertThat(end.code()).as(end.out()).isEqualTo(0);
      everyStepWasHit(reaper.kills());
      List<Cell> cells =
          Matrix.of(PROMOTION).stream()
              .filter(cell -> cell.fault().isKill() && cell.whyNot().isEmpty())
              .toList();
      List<String> people =
          resumed.get() ? List.of("what was left of the release was resumed") : List.of();
      Operation.Ending ending =
          new Operation.Ending(promotion, null, "RELEASED", end.out(), people);
      String outcome = PROMOTION.judge(cells.getFirst(), crew, ending, before);
      Players.answeredThroughout(before, Standing.of(crew), watch.end());
      Kills.record(cells, reaper.kills(), people, outcome, millis);
    }
  }

  /**
   * What follows a release is retried after ever longer pauses; somebody who is told that it is not
   * finished resumes it at once.
   */
  private static Result approveAndHurry(Crew crew, String promotion, AtomicBoolean resumed) {
    AtomicBoolean ended = new AtomicBoolean();
    Thread hurry =
        Thread.startVirtualThread(() ->
            Awaitility.await()
                .forever()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                  Result status = crew.team().commands().json("status", promotion);
                  if (status.out().contains("retrying what is left of the release")) {
                    crew.team().commands().run("resume", promotion, "--by", "ana@example.com");
                    resumed.set(true);
                  }
                  return ended.get();
                }));
    try {
      return crew.team().approveAndWatch(promotion);
    } finally {
      ended.set(true);
      join(hurry);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Set<Moment> momentsOf(String activity, List<Kill> kills) {
    return kills.stream()
        .filter(kill -> kill.activity().equals(activity))
        .map(Kill::moment)
        .collect(Collectors.toSet());
  }

  private static void everyStepWasHit(List<Kill> kills) {
    Map<String, Set<Moment>> moments = new TreeMap<>();
    kills.forEach(
        kill -> moments.computeIfAbsent(kill.step(), _ -> new TreeSet<>()).add(kill.moment()));
    assertThat(moments.keySet())
        .as("every step that touches a workspace")
        .containsExactlyInAnyOrder(
            "prepare",
            "check",
            "train",
            "register",
            "mark",
            "prod/evaluate",
            "prod/copy",
            "prod/register",
            "prod/turn",
            "prod/batch",
            "prod/champion",
            "prod/publish",
            // Step prod/release runs in parallel.
            "close");
    for (String step : List.of("register", "prod/copy")) {
      assertThat(moments.get(step)).as(step).contains(Moment.BEFORE, Moment.DURING, Moment.AFTER);
    }
    assertThat(momentsOf("Record", kills)).contains(Moment.DURING, Moment.AFTER);
    assertThat(momentsOf("LabelVersion", kills)).contains(Moment.BEFORE, Moment.AFTER);
    assertThat(kills.stream().filter(kill -> kill.activity().equals("AwaitRun")).map(Kill::step))
        .contains("check", "train", "prod/batch");
    assertThat(kills.stream().map(Kill::worker)).contains("dev", "prod");
  }
}
