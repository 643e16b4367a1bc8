package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Gate.Call;
import dev.portage.sandbox.Gate.Moment;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/** Cancelling a promotion at the moments that matter, and what remains. */
@OwnsTheWorld
class CancelIT {
  private static final int DONE = 0;
  private static final int ENDED = 1;
  private static final int WRONG = 2;
  private static final int WAITING = 4;

  private final World world = TheWorld.world();

  @BeforeEach
  void onARealServer() {
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
  }

  @AfterEach
  void lookAway() {
    World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(Gate.Watcher.NONE));
  }

  /** A cluster of the run's own ends with it. */
  @Test
  @Tag("S3.17")
  void cancelDuringTrainingEndsTheRunAndRegistersNothing() throws IOException {
    Team team = Team.tiny("cancelled_in_training");
    // Its first run is the training, which is ended by the cancel.
    team.change("promotion.yaml", "check: notebooks/check.py\n", "");
    team.change("notebooks/train.py", "import time\n", "import time\n\ntime.sleep(600)\n");
    String promotion = team.commit("Stopped while it trains");
    orderWhen("dev", promotion, call -> call.path().endsWith("/jobs/runs/get"));

    Result end = team.start();

    assertThat(end.code()).as(end.out()).isEqualTo(ENDED);
    assertThat(end.json().path("state").asText()).isEqualTo("CANCELLED");
    try (Witness witness = new Witness(world)) {
      assertThat(witness.submittedRuns("dev", "cancelled_in_training train"))
          .singleElement()
          .satisfies(run ->
              assertThat(run.path("state").path("result_state").asText()).isEqualTo("CANCELED"));
      assertThat(witness.versions("dev", "cancelled_in_training")).isEmpty();
    }
  }

  @Test
  void cancelDuringApprovalLeavesNothingInProd() throws IOException {
    Team team = Team.tiny("cancelled_in_waiting");
    String promotion = team.commit("Stopped while people decide");
    assertThat(team.start().code()).isEqualTo(WAITING);

    Result cancel =
        team.commands()
            .run("cancel", promotion, "--by", "sam@example.com", "--reason", "a better one comes");
    Result again = team.commands().run("cancel", promotion, "--by", "sam@example.com");

    assertThat(cancel.code()).as(cancel.out()).isEqualTo(DONE);
    assertThat(again.code()).as(again.out()).isEqualTo(WRONG);
    try (Witness witness = new Witness(world)) {
      assertThat(witness.versions("prod", "cancelled_in_waiting")).isEmpty();
      assertThat(witness.runs("prod", promotion)).isEmpty();
    }
  }

  @Test
  void cancelBeforeTheChampionMovesRestoresTheJobAndFreesTheTurn() throws IOException {
    Team team = Team.tiny("cancelled_in_batch");
    String promotion = team.commit("Stopped while it scores");
    assertThat(team.start().code()).isEqualTo(WAITING);
    orderWhen("prod", promotion, call -> call.path().endsWith("/jobs/run-now"));

    Result end = team.approveAndWatch(promotion);

    assertThat(end.code()).as(end.out()).isEqualTo(ENDED);
    assertThat(end.json().path("state").asText()).isEqualTo("CANCELLED");
    try (Witness witness = new Witness(world)) {
      assertThat(witness.jobs("prod", "cancelled_in_batch-batch")).isEmpty();
      assertThat(witness.versions("prod", "cancelled_in_batch"))
          .singleElement()
          .extracting(ModelVersion::getCurrentStage)
          .isEqualTo("None");
      lookAway();
      team.change("promotion.yaml", "0.80", "0.81");
      String next = team.commit("Once more");
      assertThat(team.start().code()).isEqualTo(WAITING);
      Result released = team.approveAndWatch(next);
      assertThat(released.code()).as(released.out()).isEqualTo(DONE);
      assertThat(witness.jobs("prod", "cancelled_in_batch-batch")).hasSize(1);
    }
  }

  @Test
  void cancelAfterTheChampionMovedHasNoEffect() throws IOException {
    Team team = Team.tiny("cancelled_too_late");
    String promotion = team.commit("Too late");
    assertThat(team.start().code()).isEqualTo(WAITING);
    // The version's labels are written once it is live.
    orderWhen("prod", promotion, call -> call.path().endsWith("/model-versions/set-tag"));

    Result end = team.approveAndWatch(promotion);

    assertThat(end.json().path("state").asText()).as(end.out()).isEqualTo("RELEASED");
    assertThat(end.out()).contains("but too late");
    assertThat(end.code()).isEqualTo(DONE);
    assertThat(team.commands().run("cancel", promotion, "--by", "sam@example.com").code())
        .isEqualTo(WRONG);
    try (Witness witness = new Witness(world)) {
      for (String workspace : World.WORKSPACES) {
        assertThat(witness.versions(workspace, "cancelled_too_late"))
            .singleElement()
            .extracting(ModelVersion::getCurrentStage)
            .isEqualTo("Production");
      }
    }
  }

  /** Cancels, as the Web UI does, when the first such call arrives and before it passes. */
  private void orderWhen(String workspace, String promotion, Predicate<Call> moment) {
    AtomicBoolean ordered = new AtomicBoolean();
    TheWorld.gate(workspace)
        .watch(call -> {
          if (moment.test(call) && ordered.compareAndSet(false, true)) {
            order(promotion);
          }
          return Moment.NEVER;
        });
  }

  private void order(String promotion) {
    try (TemporalConnection temporal = TemporalConnection.open(Map.of(), world.folder().state())) {
      temporal.client().newUntypedWorkflowStub(promotion).cancel("by the test");
    }
  }
}
