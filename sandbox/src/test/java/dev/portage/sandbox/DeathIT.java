package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Gate.Moment;
import dev.portage.sandbox.Reaper.Kill;
import dev.portage.sandbox.world.World;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers die at every step; what remains at the end. */
@ExtendWith(TheWorld.class)
class DeathIT {

  @Test
  @Tag("S0.17")
  @Tag("S0.18")
  @Tag("S1.07")
  @Tag("S3.13")
  void aWorkerKilledAtEachChangeOfEachStepLeavesOneOfEverything() throws Exception {
    World world = TheWorld.world();
    // Lost attempts are reported to the server, so that the test doesn't wait for 60 timeouts.
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    Team team = Team.tiny("survivor");
    String promotion = team.commit("A model that will have a hard time");
    try (TemporalConnection temporal =
            TemporalConnection.open(Map.of(), team.repository().folder());
        Witness witness = new Witness(world)) {
      Reaper reaper = new Reaper(world, temporal, promotion);
      World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(reaper));
      Result end;
      try {
        Result waiting = team.start();
        assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
        end = team.approveAndWatch(promotion);
      } finally {
        World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(Gate.Watcher.NONE));
      }

      assertThat(end.code()).as(end.out()).isEqualTo(0);
      everyStepWasHit(reaper.kills());
      OneOfEverything.isThere(witness, team.model(), promotion, end.json());
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
    for (String step :
        List.of(
            "check", "train", "mark", "prod/register", "prod/batch", "prod/champion", "close")) {
      assertThat(moments.get(step)).as(step).contains(Moment.BEFORE, Moment.AFTER);
    }
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
