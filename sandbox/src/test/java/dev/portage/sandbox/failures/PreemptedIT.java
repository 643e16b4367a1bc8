package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.SharesTheWorld;
import dev.portage.sandbox.Team;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.Together;
import dev.portage.sandbox.Witness;
import dev.portage.sandbox.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A rollback comes while a promotion holds the turn and scores. */
@SharesTheWorld
class PreemptedIT {

  /** The third version's first scoring doesn't end by itself. */
  private static final String STANDS_STILL =
      """
      import time
      began = os.path.join(os.environ["LOCAL_WORKSPACE_TABLES"], "..", "preempted-began")
      if dbutils.widgets.get("model_version") == "3" and not os.path.exists(began):
          open(began, "w").close()
          time.sleep(600)
      """;

  @Test
  @Tag("S1.10")
  void theHolderUndoesItsChangesAndComesBehindTheRollback() throws Exception {
    World world = TheWorld.world();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    Path began = world.folder().state().resolve("prod/preempted-began");
    Files.deleteIfExists(began);
    try (Witness witness = new Witness(world)) {
      Team team = Team.tiny("preempted");
      team.change("notebooks/score.py", "import pyarrow\n", STANDS_STILL + "import pyarrow\n");
      Production production = new Production(team, witness);
      production.release();
      production.release();
      String third = production.commit();
      assertThat(team.start().code()).isEqualTo(4);
      CompletableFuture<Result> promoted = Together.begin(() -> team.approveAndWatch(third));
      Awaitility.await().atMost(Duration.ofMinutes(10)).until(() -> Files.exists(began));
      production.scoresWith("3");

      Result back = production.rollBack();

      assertThat(back.code()).as(back.out()).isZero();
      assertThat(back.json().path("says").asText()).isEqualTo("version 2 → version 1 in prod");
      production.isWhole("1", List.of("1"));
      // It was approved over version 2, so people are asked again.
      Awaitility.await()
          .atMost(Duration.ofMinutes(10))
          .until(
              () -> team.commands().run("approve", third, "--by", "ana@example.com").code() == 0);
      Result end = promoted.join();
      assertThat(end.code()).as(end.out()).isZero();
      assertThat(notices(end.json()))
          .anyMatch(notice ->
              notice.startsWith(production.rollback(1) + " took the turn of preempted in prod"))
          .anyMatch(notice -> notice.contains("has its previous settings again"));
      production.released(third);
      production.isWhole("3", List.of("1", "3"));
      assertThat(production.log())
          .containsExactly("RELEASE 3", "ROLLBACK 1", "RELEASE 2", "RELEASE 1");
      assertThat(witness.jobRuns("prod", "preempted-batch"))
          .extracting(run -> run.path("state").path("result_state").asText())
          .containsExactlyInAnyOrder("SUCCESS", "SUCCESS", "CANCELED", "SUCCESS");
    }
  }

  private static List<String> notices(JsonNode view) {
    return view.path("notices").valueStream().map(JsonNode::asText).toList();
  }
}
