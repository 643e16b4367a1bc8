package dev.portage.watch;

import dev.portage.connection.TemporalConnection;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.serving.TrafficShare;
import dev.portage.temporal.Memos;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Promotions as Temporal knows them. */
public final class Promotions {

  private final TemporalConnection connection;

  /** Queries through a connection. */
  public Promotions(TemporalConnection connection) {
    this.connection = connection;
  }

  /**
   * A promotion's id as in Temporal: {@code churn/0123456789ab} stands for {@code
   * promotion/churn/0123456789ab}.
   */
  public static String id(String typed) {
    return typed.startsWith("promotion/") ? typed : "promotion/" + typed;
  }

  /**
   * A promotion as it is now; empty when Temporal has none by that id. Without a worker it is put
   * together from what the server itself knows.
   */
  public Optional<Snapshot> look(String id) {
    return described(id).map(described -> look(described, answer(described)));
  }

  /** What the server knows of the newest run by that id; empty when Temporal has none. */
  Optional<WorkflowExecutionDescription> described(String id) {
    try {
      return Optional.of(connection.client().newUntypedWorkflowStub(id).describe());
    } catch (WorkflowNotFoundException _) {
      return Optional.empty();
    }
  }

  /** What a promotion says of itself; empty when no worker answers. */
  Optional<PromotionView> answer(WorkflowExecutionDescription described) {
    WorkflowStub stub =
        connection.client().newUntypedWorkflowStub(described.getExecution().getWorkflowId());
    return Answers.of(stub, described, PromotionView.class)
        .map(view -> new Finishing(connection).now(view))
        .map(view -> new TurnHolders(connection).now(view));
  }

  /** Both together. */
  Snapshot look(WorkflowExecutionDescription described, Optional<PromotionView> answer) {
    String id = described.getExecution().getWorkflowId();
    return new Snapshot(
        answer.isPresent() ? answer.get() : outline(id, described),
        answer.isPresent(),
        Pending.of(described.getRawDescription()));
  }

  /** An id that Temporal has nothing by. */
  NoSuchElementException notKnown(String id) {
    return NotKnown.id(connection, id);
  }

  /** Hears when something happens to a promotion. */
  HistoryGrowth growth(String id) {
    return new HistoryGrowth(connection, id);
  }

  /** Whether Temporal has a promotion by that id; needs no worker. */
  public Optional<ExistingPromotion> find(String id) {
    return described(id)
        .map(described ->
            new ExistingPromotion(
                id, state(described).ended(), described.getStartTime(), fileHash(described)));
  }

  /** The state of a promotion, as far as the server knows; empty when it has none by that id. */
  public Optional<PromotionState> state(String id) {
    return described(id).map(described -> state(described));
  }

  private static String fileHash(WorkflowExecutionDescription described) {
    return Optional.ofNullable(described.getMemo(Memos.FILE_HASH, String.class, String.class))
        .orElse("");
  }

  /** What the server knows without a worker. */
  private static PromotionView outline(String id, WorkflowExecutionDescription described) {
    PromotionState state = state(described);
    String step = attribute(described, PromotionAttributes.STEP).orElse("none");
    String says =
        switch (described.getStatus()) {
          case WORKFLOW_EXECUTION_STATUS_TERMINATED ->
              "terminated at step " + step + "; nothing was undone, so check what it left behind";
          case WORKFLOW_EXECUTION_STATUS_TIMED_OUT -> "timed out at step " + step;
          case WORKFLOW_EXECUTION_STATUS_CANCELED ->
              Optional.ofNullable(described.getMemo(Memos.SAYS, String.class, String.class))
                  .orElse("cancelled at step " + step);
          default ->
              "no worker is responding; last known step "
                  + step
                  + traffic(described).map(share -> ", " + share.text()).orElse("")
                  + ". Start one with: portage worker";
        };
    return PromotionView.of(
            id,
            attribute(described, PromotionAttributes.MODEL).orElse(modelOf(id)),
            state,
            says,
            fileHash(described),
            attribute(described, PromotionAttributes.STARTED_BY).orElse("unknown"),
            described.getStartTime())
        .ended(closeTime(described))
        .build();
  }

  private static @Nullable Instant closeTime(WorkflowExecutionDescription described) {
    return state(described).ended() ? described.getCloseTime() : null;
  }

  /** The state of a promotion, as far as the server knows. */
  static PromotionState state(WorkflowExecutionMetadata described) {
    return switch (described.getStatus()) {
      case WORKFLOW_EXECUTION_STATUS_COMPLETED -> PromotionState.RELEASED;
      // Temporal closes as cancelled what was cancelled too late as well.
      case WORKFLOW_EXECUTION_STATUS_CANCELED ->
          known(described).filter(PromotionState::ended).orElse(PromotionState.CANCELLED);
      case WORKFLOW_EXECUTION_STATUS_TERMINATED, WORKFLOW_EXECUTION_STATUS_TIMED_OUT ->
          PromotionState.FAILED;
      case WORKFLOW_EXECUTION_STATUS_FAILED ->
          known(described).filter(PromotionState::ended).orElse(PromotionState.FAILED);
      default -> known(described).orElse(PromotionState.RUNNING);
    };
  }

  private static Optional<PromotionState> known(WorkflowExecutionMetadata described) {
    return attribute(described, PromotionAttributes.STATE)
        .flatMap(name -> {
          try {
            return Optional.of(PromotionState.valueOf(name));
          } catch (IllegalArgumentException _) {
            return Optional.empty();
          }
        });
  }

  static Optional<String> attribute(
      WorkflowExecutionMetadata described, SearchAttributeKey<String> key) {
    return Optional.ofNullable(described.getTypedSearchAttributes().get(key));
  }

  /** How much of the traffic a new version has, as last written; empty while none is moved. */
  static Optional<TrafficShare> traffic(WorkflowExecutionMetadata described) {
    return Optional.ofNullable(
        described.getMemo(Memos.TRAFFIC, TrafficShare.class, TrafficShare.class));
  }

  private static String modelOf(String id) {
    String[] parts = id.split("/", -1);
    return parts.length > 1 ? parts[1] : id;
  }
}
