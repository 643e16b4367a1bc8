package dev.portage.promotion;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.step.CancelWords;
import io.temporal.workflow.CancellationScope;
import org.jspecify.annotations.Nullable;

/**
 * The order to end a promotion: Temporal's own cancel, however it is sent. It takes effect until
 * the champion of the last workspace has moved; a later one is reported and changes nothing.
 */
final class CancelOrder {

  private final CancellationScope promotion = CancellationScope.current();
  private final PromotionStart start;
  private final PromotionProgress progress;
  private boolean tooLate;

  /** Listens from now on. To be made where the promotion's own scope is the current one. */
  CancelOrder(PromotionStart start, PromotionProgress progress, @Nullable CarriedOver carriedOver) {
    this.start = start;
    this.progress = progress;
    this.tooLate = carriedOver != null && carriedOver.tooLate();
    promotion
        .getCancellationRequest()
        .thenApply(reason -> {
          publish();
          return reason;
        });
  }

  /** Whether it came, heard or not. */
  boolean came() {
    return promotion.isCancelRequested();
  }

  /** The model is live in the last workspace: from now on it is not heard. */
  void tooLate() {
    tooLate = true;
    if (came()) {
      publish();
    }
  }

  /** Whether the model is live in the last workspace, so that no end undoes it. */
  boolean isTooLate() {
    return tooLate;
  }

  /** The cancel has ended the promotion: reports who asked and what is left in place. */
  void finish() {
    progress.outcome().left().values().forEach(what -> progress.notice("Left in place: " + what));
    progress.ended(
        PromotionState.CANCELLED,
        words() + "; " + progress.outcome().stillLive(),
        Problem.of(
            FailureKind.CANCELLED,
            "the promotion",
            "step " + progress.step(),
            words(),
            "To promote the same again: " + Repeat.of(start)));
  }

  private void publish() {
    if (tooLate) {
      progress.notice(CancelWords.tooLate(promotion.getCancellationReason(), "the promotion"));
    } else {
      progress.cancelling(words() + "; stopping what runs and undoing changes");
    }
  }

  /** What Temporal passes on about the requester: {@code portage cancel} says who and why. */
  private String words() {
    return CancelWords.of(promotion.getCancellationReason());
  }
}
