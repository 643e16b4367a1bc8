package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.world.World;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DeleteWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/**
 * One commit is one promotion, even for a Temporal that has forgotten it; each test continues the
 * last.
 */
@SharesTheWorld
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OneCommitIT {
  private static final String MODEL = "once";
  private static final int DONE = 0;
  private static final int WRONG = 2;
  private static final int REJECTED = 3;
  private static final int WAITING = 4;

  private final World world = TheWorld.world();
  private final Witness witness = new Witness(world);
  private final Team team = team();
  private String promotion = "";

  private static Team team() {
    try {
      return Team.tiny(MODEL);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeAll
  void commit() throws IOException {
    Path folder = team.repository().folder();
    Files.writeString(
        folder.resolve("other.yaml"),
        Files.readString(folder.resolve("promotion.yaml")) + "# with another thought\n");
    promotion = team.commit("The only one");
  }

  @AfterAll
  void close() {
    witness.close();
  }

  @Test
  @Order(1)
  @Tag("S0.20")
  void aForgottenWaitingPromotionContinuesWithWhatExists() {
    realTemporal();
    assertThat(team.start().code()).isEqualTo(WAITING);
    ModelVersion trained = only(witness.versions("dev", MODEL));
    forget(promotion);

    Result again = team.start();

    assertThat(again.code()).as(again.out()).isEqualTo(WAITING);
    assertThat(again.json().path("id").asText()).isEqualTo(promotion);
    assertThat(only(witness.versions("dev", MODEL)).getRunId()).isEqualTo(trained.getRunId());
    assertThat(witness.runs("dev", promotion)).hasSize(1);
    assertThat(witness.submittedRuns("dev", MODEL + " train")).hasSize(1);
  }

  @Test
  @Order(2)
  void anotherFileOfTheSameCommitIsRefused() {
    if (witness.versions("dev", MODEL).isEmpty()) {
      assertThat(team.start().code()).isEqualTo(WAITING);
    }

    Result other = team.commands().run("start", "other.yaml", "--by", "sam@example.com");

    assertThat(other.code()).as(other.out()).isEqualTo(WRONG);
    assertThat(other.out()).contains(promotion, "other.yaml", "--again");
  }

  @Test
  @Order(3)
  void aRepeatNeedsAReasonAndTheEndOfTheFirst() {
    Result bare = team.commands().run("start", "promotion.yaml", "--again");
    Result early =
        team.commands().run("start", "promotion.yaml", "--again", "--reason", "I want to");

    assertThat(bare.code()).as(bare.out()).isEqualTo(WRONG);
    assertThat(bare.out()).contains("--reason");
    assertThat(early.code()).as(early.out()).isEqualTo(WRONG);
    assertThat(early.out()).contains(promotion, "still running");
    assertThat(witness.versions("dev", MODEL)).hasSize(1);
  }

  @Test
  @Order(4)
  @Tag("S0.20")
  void aForgottenReleaseIsNotRepeated() {
    assertThat(team.approveAndWatch(promotion).code()).isEqualTo(DONE);
    realTemporal();
    forget(promotion);

    Result again = team.start();

    assertThat(again.code()).as(again.out()).isEqualTo(DONE);
    assertThat(again.json().path("state").asText()).isEqualTo("RELEASED");
    assertThat(witness.versions("dev", MODEL)).hasSize(1);
    assertThat(witness.versions("prod", MODEL)).hasSize(1);
    assertThat(witness.jobRuns("prod", MODEL + "-batch")).hasSize(1);
  }

  @Test
  @Order(5)
  void aDeliberateRepeatIsItsOwnPromotion() {
    Result repeat =
        team.commands()
            .json(
                "start",
                "promotion.yaml",
                "--again",
                "--reason",
                "the table was lost",
                "--by",
                "sam@example.com");

    assertThat(repeat.code()).as(repeat.out()).isEqualTo(WAITING);
    String id = repeat.json().path("id").asText();
    assertThat(id).startsWith(promotion).isNotEqualTo(promotion);
    assertThat(witness.runs("dev", id)).hasSize(1);
    assertThat(witness.versions("dev", MODEL)).hasSize(2);
    assertThat(team.commands().run("reject", id, "--by", "ana@example.com", "--comment", "enough"))
        .extracting(Result::code)
        .isEqualTo(DONE);
  }

  @Test
  @Order(6)
  void aRejectedCandidateIsPromotedOnlyAfterItWasLifted() {
    ModelVersion second = witness.versions("dev", MODEL).getLast();
    int before = witness.versions("prod", MODEL).size();

    Result refused =
        team.commands()
            .json(
                "start",
                "promotion.yaml",
                "--run-id",
                second.getRunId(),
                "--by",
                "sam@example.com");

    assertThat(refused.code()).as(refused.out()).isEqualTo(REJECTED);
    assertThat(refused.json().path("problem").path("cameBack").asText())
        .contains("quarantine", "rejected in prod by ana@example.com", "enough");
    assertThat(witness.versions("dev", MODEL)).as("nothing is registered for it").hasSize(2);
    assertThat(witness.versions("prod", MODEL)).hasSize(before);

    // Nor is another version of the same commit, whatever its bytes: both are lifted together.
    String remedy = refused.json().path("problem").path("remedy").asText();
    Matcher commands =
        Pattern.compile("portage (lift .*), then: portage (start .*)").matcher(remedy);
    assertThat(commands.find()).as(remedy).isTrue();
    Result lifted = typed(String.valueOf(commands.group(1)), "rejected by mistake");
    assertThat(lifted.code()).as(lifted.out()).isEqualTo(DONE);
    Result again = typed(String.valueOf(commands.group(2)), "it was lifted");
    assertThat(again.code()).as(again.out()).isEqualTo(WAITING);

    isPromoted(again, second, before);
  }

  @Test
  @Order(7)
  void aVersionTrainedElsewhereIsPromotedByItsNumber() {
    ModelVersion first = witness.versions("dev", MODEL).getFirst();

    int registered = witness.versions("dev", MODEL).size();

    elsewhere("--version", first.getVersion(), first);

    assertThat(witness.versions("dev", MODEL)).hasSize(registered);
    assertThat(witness.submittedRuns("dev", MODEL + " train")).as("trained anew").hasSize(2);
  }

  /** Types a command that a message names, with a reason of one's own. */
  private Result typed(String command, String reason) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.replaceAll(word -> word.equals("TEXT") ? reason : word);
    words.addAll(List.of("--by", "sam@example.com"));
    return team.commands().json(words.toArray(String[]::new));
  }

  private void elsewhere(String option, String value, ModelVersion trained) {
    int before = witness.versions("prod", MODEL).size();
    Result start =
        team.commands().json("start", "promotion.yaml", option, value, "--by", "sam@example.com");
    assertThat(start.code()).as(start.out()).isEqualTo(WAITING);
    isPromoted(start, trained, before);
  }

  private void isPromoted(Result start, ModelVersion trained, int before) {
    String id = start.json().path("id").asText();
    Result end = team.approveAndWatch(id);
    assertThat(end.code()).as(end.out()).isEqualTo(DONE);
    assertThat(witness.versions("prod", MODEL)).hasSize(before + 1);
    assertThat(Witness.tags(witness.versions("prod", MODEL).getLast()))
        .containsEntry("portage_promotion", id)
        .hasEntrySatisfying(
            "portage_lineage", lineage -> assertThat(lineage).contains(trained.getRunId()));
  }

  private void realTemporal() {
    assumeThat(world.temporal().ui())
        .as("a server that can forget: a real one, see build/temporal")
        .isPresent();
  }

  /** Deletes the promotion and its history, as a namespace's retention would. */
  private void forget(String id) {
    try (TemporalConnection temporal =
        TemporalConnection.open(Map.of(), team.repository().folder())) {
      var server = temporal.stubs().blockingStub();
      WorkflowExecution execution = WorkflowExecution.newBuilder().setWorkflowId(id).build();
      server.deleteWorkflowExecution(
          DeleteWorkflowExecutionRequest.newBuilder()
              .setNamespace(temporal.namespace())
              .setWorkflowExecution(execution)
              .build());
      // Deletions are queued in the server behind everything that other tests made it write.
      Awaitility.await()
          .atMost(Duration.ofMinutes(10))
          .until(() -> {
            try {
              server.describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace(temporal.namespace())
                      .setExecution(execution)
                      .build());
              return false;
            } catch (StatusRuntimeException e) {
              return e.getStatus().getCode() == Status.Code.NOT_FOUND;
            }
          });
    }
  }

  private static <T> T only(List<T> all) {
    assertThat(all).hasSize(1);
    return all.getFirst();
  }
}
