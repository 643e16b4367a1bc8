package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Gate;
import dev.portage.sandbox.Gate.Call;
import dev.portage.sandbox.Gate.Moment;
import dev.portage.sandbox.OwnsTheWorld;
import dev.portage.sandbox.Sizes;
import dev.portage.sandbox.Team;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.Witness;
import dev.portage.sandbox.world.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Temporal itself is killed, and starts again over its database. */
@OwnsTheWorld
@DisabledOnOs(OS.WINDOWS)
class TemporalKilledIT {

  private final World world = TheWorld.world();

  @AfterEach
  void lookAway() {
    World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(Gate.Watcher.NONE));
  }

  @Test
  @Tag("S1.10")
  void aPromotionThatScoresAndARollbackThatMovesTheChampionGoOn() throws Exception {
    assumeThat(Sizes.EVERYTHING).as("only in -Pstack").isTrue();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    try (Witness witness = new Witness(world)) {
      Production production = new Production(Team.tiny("server_killed"), witness);
      String first = production.release();
      String promotion = production.commit();
      assertThat(production.team().start().code()).isEqualTo(4);
      Killer atScoring = new Killer("/jobs/run-now");
      TheWorld.gate("prod").watch(atScoring);

      Result end = production.team().approveAndWatch(promotion);

      assertThat(end.code()).as(end.out()).isZero();
      assertThat(atScoring.struck.get()).isTrue();
      String second = production.released(promotion);
      production.isWhole(second, List.of(first, second));
      assertThat(witness.jobRuns("prod", "server_killed-batch")).hasSize(2);

      Killer atTheMove = new Killer("/transition-stage");
      TheWorld.gate("prod").watch(atTheMove);

      Result back = production.rollBack();

      assertThat(back.code()).as(back.out()).isZero();
      assertThat(atTheMove.struck.get()).isTrue();
      production.isWhole(first, List.of(first));
      assertThat(production.log()).containsExactly("ROLLBACK 1", "RELEASE 2", "RELEASE 1");
      assertThat(production.logged("QUARANTINE")).isOne();
    }
  }

  /** Kills the server when the first such call has taken effect, before its response leaves. */
  private final class Killer implements Gate.Watcher {
    private final String path;
    private final AtomicBoolean struck = new AtomicBoolean();

    Killer(String path) {
      this.path = path;
    }

    @Override
    public Moment when(Call call) {
      return call.path().endsWith(path) && struck.compareAndSet(false, true)
          ? Moment.AFTER
          : Moment.NEVER;
    }

    @Override
    public void interfere(Call call) {
      long pid = world.temporal().pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> world.temporal().pid() != pid);
    }
  }
}
