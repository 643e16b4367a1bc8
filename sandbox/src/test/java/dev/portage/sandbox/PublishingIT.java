package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scoring is rehearsed, and its rows become visible once the version is live. */
@OwnsTheWorld
class PublishingIT {

  @Test
  @Tag("S1.07")
  void aWorkerThatIsKilledWhileARehearsalRunsLeavesOneRunAndNoTable() throws IOException {
    World world = TheWorld.world();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    Team team = Team.tiny("rehearsed");
    team.change("promotion.yaml", "rehearse: false", "rehearse: true");
    String promotion = team.commit("Scoring is rehearsed, and its worker dies");
    Path tables = world.folder().state().resolve("dev/tables");
    try (TemporalConnection temporal =
        TemporalConnection.open(Map.of(), team.repository().folder())) {
      Reaper reaper =
          new Reaper(
              world, temporal, promotion, Set.of("rehearse SubmitNotebook", "rehearse AwaitRun"));
      TheWorld.gate("dev").watch(reaper);
      Result waiting;
      try {
        waiting = team.start();
      } finally {
        TheWorld.gate("dev").watch(Gate.Watcher.NONE);
      }

      assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
      assertThat(reaper.kills())
          .extracting(Reaper.Kill::activity)
          .containsExactly("SubmitNotebook", "AwaitRun");
      assertThat(waiting.out()).contains("10 rows of version 1 checked");
    }
    try (Witness witness = new Witness(world)) {
      assertThat(witness.submittedRuns("dev", "rehearsed rehearse")).hasSize(1);
    }
    try (Stream<Path> left = Files.list(tables)) {
      assertThat(left.map(folder -> tables.relativize(folder).toString()))
          .noneMatch(name -> name.startsWith("rehearsed_predictions"));
    }
  }

  @Test
  void aTableOfProductionThatRefusesWhatIsScoredStopsItBeforeAnybodyIsAsked() throws Exception {
    Team team = Team.tiny("misfit");
    team.change("promotion.yaml", "rehearse: false", "rehearse: true");
    Path live = TheWorld.world().folder().state().resolve("prod/tables/misfit_predictions");
    writeConstrained(live);
    team.commit("Scoring is rehearsed for a table of losses");

    Result stopped = team.start();

    assertThat(stopped.code()).as(stopped.out()).isEqualTo(1);
    assertThat(stopped.out())
        .contains(
            "they don't fit misfit_predictions in prod",
            "rows violate constraint losses: prediction < 0");
    assertThat(stopped.out()).doesNotContain("waiting for approval");
  }

  private static void writeConstrained(Path table) throws IOException, InterruptedException {
    String program =
        """
        import os, sys
        import pyarrow
        from deltalake import DeltaTable, write_deltalake

        write_deltalake(sys.argv[1], pyarrow.table({
            "id": pyarrow.array([1], pyarrow.int64()),
            "prediction": [-1.0],
            "model_version": ["0"],
            "batch_id": ["before"],
            "promotion_id": ["before"],
        }))
        DeltaTable(sys.argv[1]).alter.add_constraint({"losses": "prediction < 0"})
        os._exit(0)
        """;
    Process writing =
        new ProcessBuilder(
                RealServers.keeper().python().toString(), "-c", program, table.toString())
            .inheritIO()
            .start();
    assertThat(writing.waitFor()).isZero();
  }

  @Test
  void aBatchIsRehearsedThenScoredAsideAndPublishedAndNoTableIsLeft() throws IOException {
    Team team = Team.tiny("published");
    team.change("promotion.yaml", "rehearse: false", "rehearse: true");
    String promotion = team.commit("Scoring is rehearsed");
    assertThat(team.start().code()).isEqualTo(4);

    Result end = team.approveAndWatch(promotion);

    assertThat(end.code()).as(end.out()).isZero();
    assertThat(end.out())
        .contains("10 rows of version 1 checked")
        .contains("rows of version 1 in published_predictions__portage_")
        .contains("is visible in published_predictions, which it created")
        .doesNotContain("could not be dropped");
  }
}
