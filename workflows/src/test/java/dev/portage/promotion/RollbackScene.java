package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView.State;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;

/**
 * A model with releases, of which one is gone back to; workspaces are in memory. What tests of
 * rollbacks have in common.
 */
@Timeout(180)
abstract class RollbackScene {

  static final String ID = "rollback/prod/diabetes/1";

  @AutoClose final PromotionEngine engine = new PromotionEngine();
  final FakeWorld world = engine.world;

  /** A rollback without a version to go to, at its end. */
  RollbackView toTheReleaseBefore() {
    return start(ID, FakeRollbacks.order(null)).getResult(RollbackView.class);
  }

  static String line(RollbackView view, String step) {
    return view.steps().stream()
        .filter(one -> one.name().equals(step))
        .map(one -> String.valueOf(one.line()))
        .findFirst()
        .orElse("");
  }

  /** So many releases, oldest first. */
  void released(int number) {
    release(List.of(PromotionEngine.COMMIT, OTHER_COMMIT).subList(0, number));
  }

  /** The second release. */
  void releasedNext() {
    release(List.of(OTHER_COMMIT));
  }

  void release(List<String> commits) {
    engine.release(commits.toArray(String[]::new));
  }

  long changes() {
    return world.effects.stream()
        .filter(effect ->
            effect.startsWith("mark")
                || effect.startsWith("restore")
                || effect.startsWith("label")
                || effect.startsWith("quarantine"))
        .count();
  }

  WorkflowStub start(String id, Map<String, Object> order) {
    WorkflowStub stub = engine.workflow("RollbackWorkflow", id);
    stub.start(order);
    return stub;
  }

  /** Why it was refused. */
  String refused(Map<String, Object> order) {
    RollbackView view =
        failed(start("rollback/prod/diabetes/" + (2 + world.effects.size()), order));
    return Objects.requireNonNull(view.problem()).message();
  }

  static RollbackView failed(WorkflowStub rollback) {
    try {
      rollback.getResult(RollbackView.class);
    } catch (WorkflowFailedException failed) {
      if (failed.getCause() instanceof ApplicationFailure failure) {
        return failure.getDetails().get(RollbackView.class);
      }
      throw failed;
    }
    throw new AssertionError("it did not fail");
  }

  RollbackView until(WorkflowStub rollback, Predicate<RollbackView> wanted) {
    Instant end = Instant.now().plusSeconds(60);
    while (true) {
      RollbackView view = rollback.query("status", RollbackView.class);
      if (wanted.test(view)) {
        return view;
      }
      assertThat(Instant.now()).as(view.toString()).isBefore(end);
      assertThat(view.state().ended()).as(view.toString()).isFalse();
      engine.environment.sleep(Duration.ofMillis(200));
    }
  }

  /** A rollback to the release before that fails when the champion is to move, after all else. */
  WorkflowStub failingAtTheChampion() {
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    return start(ID, FakeRollbacks.order(null));
  }

  /** Waits until it has stopped at a failed step. */
  RollbackView untilStopped(WorkflowStub rollback) {
    return until(rollback, view -> view.state() == State.STOPPED);
  }

  /** Notices have workflows of their own, which may end later. */
  void untilDelivered(int number) {
    Instant end = Instant.now().plusSeconds(60);
    while (world.delivered.size() < number) {
      assertThat(Instant.now()).as(world.delivered.toString()).isBefore(end);
      engine.environment.sleep(Duration.ofMillis(200));
    }
  }

  static Map<String, Object> receipt(String by) {
    return Map.of("request", "prod-1", "by", by, "readsReceipt", true);
  }
}
