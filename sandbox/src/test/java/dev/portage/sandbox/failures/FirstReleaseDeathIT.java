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
import dev.portage.sandbox.Sizes;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.world.World;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers die while a team's first promotion creates what all later ones find. */
@OwnsTheWorld
class FirstReleaseDeathIT {

  /** Ends of the paths of calls that only a first promotion makes. */
  private static final List<String> CREATES =
      List.of("/registered-models/create", "/experiments/create", "/jobs/create");

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  @Tag("S1.07")
  void whatAFirstPromotionCreatesIsThereOnceThoughTheWorkerDiesBeforeAndAfterIt() throws Exception {
    World world = TheWorld.world();
    assumeThat(Sizes.EVERYTHING).as("only in -Pstack").isTrue();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    try (Crew crew = Crew.withoutRelease("firstborn", world);
        TemporalConnection temporal =
            TemporalConnection.open(Map.of(), crew.team().repository().folder())) {
      String promotion = crew.commit("First");
      Reaper reaper = new Reaper(world, temporal, promotion);
      World.WORKSPACES.forEach(
          name -> TheWorld.gate(name).watch(new Creating(reaper, crew.model())));
      Result end;
      try {
        Result waiting = crew.team().start();
        assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
        end = crew.team().approveAndWatch(promotion);
      } finally {
        World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(Gate.Watcher.NONE));
      }

      assertThat(end.code()).as(end.out()).isZero();
      assertThat(
              reaper.kills().stream()
                  .map(kill -> kill.step() + " " + kill.moment() + " " + end(kill.call())))
          .contains(
              "register BEFORE /registered-models/create",
              "register AFTER /registered-models/create",
              "prod/copy BEFORE /experiments/create",
              "prod/copy AFTER /experiments/create",
              "prod/register BEFORE /registered-models/create",
              "prod/register AFTER /registered-models/create",
              "prod/batch BEFORE /jobs/create",
              "prod/batch AFTER /jobs/create");
      isThereOnce(crew, promotion);
    }
  }

  private static void isThereOnce(Crew crew, String promotion) {
    Standing after = Standing.of(crew);
    assertThat(after.champions()).as("champion").containsExactly("1");
    assertThat(after.marked()).as("Production in dev").containsExactly("1");
    assertThat(after.dev()).as("versions in dev").hasSize(1);
    assertThat(after.prod()).as("versions in prod").hasSize(1);
    assertThat(after.jobs()).as("jobs").hasSize(1);
    assertThat(after.jobRuns()).as("runs of the job").hasSize(1);
    assertThat(after.trainings()).as("trainings").hasSize(1);
    assertThat(crew.witness().runs("prod", promotion)).as("runs in prod").hasSize(1);
    assertThat(after.rows()).as("rows").isEqualTo(Map.of(promotion + " 1", 10));
  }

  private static String end(Call call) {
    return CREATES.stream().filter(call.path()::endsWith).findFirst().orElse(call.path());
  }

  /** Has a reaper see these calls alone, about that model. */
  private record Creating(Reaper reaper, String model) implements Gate.Watcher {

    @Override
    public Moment when(Call call) {
      return CREATES.stream().anyMatch(call.path()::endsWith) && Point.mentions(call, model)
          ? reaper.when(call)
          : Moment.NEVER;
    }

    @Override
    public void interfere(Call call) {
      reaper.interfere(call);
    }
  }
}
