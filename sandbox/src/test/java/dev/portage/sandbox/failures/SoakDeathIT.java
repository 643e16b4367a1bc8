package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Gate;
import dev.portage.sandbox.OwnsTheWorld;
import dev.portage.sandbox.Sizes;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.Together;
import dev.portage.sandbox.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** While a step of a cutover is watched, the worker dies, and at the next step Temporal itself. */
@OwnsTheWorld
@DisabledOnOs(OS.WINDOWS)
class SoakDeathIT {
  private static final CutoverInTrouble CUTOVER = new CutoverInTrouble();
  private static final List<String> SERVE = List.of("steps: [50]", "soak: 25s");
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final World world = TheWorld.world();

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  @Tag("S1.10")
  void aSoakSurvivesTheWorkersDeathAndTemporals() throws Exception {
    assumeThat(Sizes.EVERYTHING).as("only in -Pstack").isTrue();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    try (Crew crew = Served.crew("soaked", world, SERVE)) {
      Standing before = Standing.of(crew);
      String version = Served.next(crew);
      String promotion = crew.commit("Next");
      assertThat(crew.team().start().code()).isEqualTo(4);
      long began = System.nanoTime();
      Result end;
      try (Traffic traffic = Served.traffic(crew)) {
        CompletableFuture<Result> promoted =
            Together.begin(() -> crew.team().approveAndWatch(promotion));
        awaitSoak(crew, promotion, version, 50);
        long worker = world.worker("prod").pid();
        world.worker("prod").kill();
        Awaitility.await().atMost(LONGEST).until(() -> world.worker("prod").pid() != worker);
        awaitSoak(crew, promotion, version, 100);
        long temporal = world.temporal().pid();
        ProcessHandle.of(temporal).orElseThrow().destroyForcibly();
        Awaitility.await().atMost(LONGEST).until(() -> world.temporal().pid() != temporal);
        end = promoted.get(LONGEST.toMinutes(), TimeUnit.MINUTES);
        if (end.code() != 0) {
          // The command that watched may not have outlived the server.
          end = crew.team().commands().json("watch", promotion);
        }
        Served.answered(crew, traffic.end(), before);
      }
      long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();

      assertThat(end.code()).as(end.out()).isZero();
      Standing after = Standing.of(crew);
      assertThat(after.champions()).containsExactly(version);
      Served.isNew(crew, version, after);
      nothingWasDoneTwice(crew, promotion);
      Map<String, String> reactions =
          Map.of(
              CutoverInTrouble.WORKER_KILLED,
              "worker of prod killed at 50 % of the traffic; the worker that was started next went"
                  + " on with the soak",
              CutoverInTrouble.TEMPORAL_RESTARTED,
              "Temporal killed at 100 % of the traffic; the one that was started next went on with"
                  + " the soak");
      String outcome =
          "fully new: version " + version + " is live and served; every request was answered";
      Matrix.of(CUTOVER).stream()
          .filter(Cell::strikesOthers)
          .forEach(cell ->
              Records.add(
                  Happened.passed(
                      cell,
                      Objects.requireNonNull(reactions.get(cell.point().name())),
                      outcome,
                      millis)));
    }
  }

  /** Its timer alone runs: no activity is under way, which a death would have to repeat. */
  private static void awaitSoak(Crew crew, String promotion, String version, int share) {
    Awaitility.await(version + " at " + share)
        .atMost(LONGEST)
        .until(() ->
            Objects.equals(
                    crew.witness().served("prod", crew.model()).get(Served.name(crew, version)),
                    share)
                && crew.temporal().waits(promotion));
  }

  /** Each activity came to its end in its first attempt, and each configuration was sent once. */
  private static void nothingWasDoneTwice(Crew crew, String promotion) {
    Map<String, List<Integer>> attempts = crew.temporal().attempts(promotion);
    assertThat(attempts).containsKeys("ChangeEndpoint", "AwaitEndpoint", "Probe", "RunJob");
    assertThat(attempts)
        .allSatisfy((type, each) -> assertThat(each).as("attempts of " + type).containsOnly(1));
    assertThat(crew.temporal().retries(promotion, Instant.EPOCH)).as("failed attempts").isEmpty();
    assertThat(
            TheWorld.gate("prod").calls().stream()
                .filter(call -> call.method().equals("PUT"))
                .filter(call -> call.path().endsWith("/" + crew.model() + "/config"))
                .map(Gate.Call::text))
        .as("configurations of the endpoint")
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }
}
