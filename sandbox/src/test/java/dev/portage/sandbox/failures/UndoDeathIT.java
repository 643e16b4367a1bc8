package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scoring fails, and the worker dies while it puts back what the promotion had changed. */
@OwnsTheWorld
class UndoDeathIT {

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  @Tag("S1.11")
  void whatAFailedPromotionChangedIsPutBackThoughTheWorkerDiesBeforeAndAfterIt() throws Exception {
    World world = TheWorld.world();
    assumeThat(Sizes.EVERYTHING).as("only in -Pstack").isTrue();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    try (Crew crew = Crew.of("put_back", world);
        TemporalConnection temporal =
            TemporalConnection.open(Map.of(), crew.team().repository().folder())) {
      crew.team().change("notebooks/score.py", "rows = 10\n", "raise ValueError('no input')\n");
      Standing before = Standing.of(crew);
      String promotion = crew.commit("Its scoring fails");
      assertThat(crew.team().start().code()).isEqualTo(4);
      Reaper reaper = new Reaper(world, temporal, promotion);
      TheWorld.gate("prod").watch(new Restoring(reaper));
      try (ChampionWatch watch = new ChampionWatch(world.mlflow("prod"), crew.model())) {
        crew.team().commands().run("approve", promotion, "--by", "ana@example.com");
        Awaitility.await(promotion)
            .atMost(Duration.ofMinutes(8))
            .until(() -> crew.temporal().state(promotion).equals("STOPPED"));

        assertThat(reaper.kills())
            .extracting(Kill::activity, Kill::moment)
            .containsExactly(tuple("UndoJob", Moment.BEFORE), tuple("UndoJob", Moment.AFTER));
        Result stopped = crew.team().commands().json("status", promotion);
        assertThat(stopped.json().path("problem").path("cameBack").asText()).contains("no input");
        assertThat(stopped.out()).contains("previous settings").doesNotContain("by hand");
        isAsBefore(crew, before);
        assertThat(watch.end()).as("what answered in Production").isEqualTo(before.champions());
      } finally {
        World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(Gate.Watcher.NONE));
      }
      // The turn is free: the next one has it at once.
      crew.team().change("notebooks/score.py", "raise ValueError('no input')\n", "rows = 10\n");
      crew.release("Its scoring does not");
    }
  }

  private static void isAsBefore(Crew crew, Standing before) {
    Standing after = Standing.of(crew);
    assertThat(after.champions()).as("champion").isEqualTo(before.champions());
    assertThat(after.jobs()).as("jobs").isEqualTo(before.jobs());
    assertThat(after.rows()).as("rows").isEqualTo(before.rows());
  }

  /** Has a reaper see the calls alone that put a job back: those after the one that changed it. */
  private static final class Restoring implements Gate.Watcher {
    private final Reaper reaper;
    private final AtomicBoolean changed = new AtomicBoolean();

    Restoring(Reaper reaper) {
      this.reaper = reaper;
    }

    @Override
    public Moment when(Call call) {
      return call.path().endsWith("/jobs/reset") && !changed.compareAndSet(false, true)
          ? reaper.when(call)
          : Moment.NEVER;
    }

    @Override
    public void interfere(Call call) {
      reaper.interfere(call);
    }
  }
}
