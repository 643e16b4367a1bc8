package dev.portage.watch;

import dev.portage.promotion.PromotionView;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.client.WorkflowExecutionDescription;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one promotion again and again. The server says whether anything has happened; only then is
 * the promotion itself queried, which costs a worker a task.
 */
final class Polling {

  private final Promotions promotions;
  private final String id;
  private final Duration askedAgainAfter;
  private @Nullable PromotionView said;
  private String run = "";
  private long length;
  private long asked;

  /**
   * Looks at a promotion.
   *
   * @param askedAgainAfter how long it may go unnoticed that no worker answers any more
   */
  Polling(Promotions promotions, String id, Duration askedAgainAfter) {
    this.promotions = promotions;
    this.id = id;
    this.askedAgainAfter = askedAgainAfter;
  }

  /** The promotion as it is now; empty when Temporal has none by that id. */
  Optional<Snapshot> next() {
    return promotions.described(id).map(this::look);
  }

  private Snapshot look(WorkflowExecutionDescription described) {
    WorkflowExecutionInfo now = described.getRawDescription().getWorkflowExecutionInfo();
    if (said != null && !hasHappened(now)) {
      return promotions.look(described, Optional.of(said));
    }
    // Recorded before the query: whatever happens in the meantime leads to another one.
    run = now.getExecution().getRunId();
    length = now.getHistoryLength();
    asked = System.nanoTime();
    said = null;
    Optional<PromotionView> answer = promotions.answer(described);
    said = answer.orElse(null);
    return promotions.look(described, answer);
  }

  /** A promotion that is carried on or reset has another run. */
  private boolean hasHappened(WorkflowExecutionInfo now) {
    return now.getHistoryLength() != length
        || !now.getExecution().getRunId().equals(run)
        || Duration.ofNanos(System.nanoTime() - asked).compareTo(askedAgainAfter) > 0;
  }
}
