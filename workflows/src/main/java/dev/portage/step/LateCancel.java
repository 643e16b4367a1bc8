package dev.portage.step;

import io.temporal.workflow.CancellationScope;
import java.util.function.Consumer;

/**
 * A cancel that comes when what a workflow is for is done: it takes no effect, and is said. To be
 * made where the workflow's own scope is the current one.
 */
final class LateCancel {

  private final CancellationScope whole = CancellationScope.current();
  private final String what;
  private final Consumer<String> notice;
  private boolean late;

  /**
   * Listens from now on.
   *
   * @param what the workflow, such as "the rollback"
   * @param notice is told of one that comes too late, once
   */
  LateCancel(String what, Consumer<String> notice) {
    this.what = what;
    this.notice = notice;
    whole
        .getCancellationRequest()
        .thenApply(reason -> {
          tell();
          return reason;
        });
  }

  /** From now on none takes effect. One that has come and was not heard is said at once. */
  void begins() {
    if (!late) {
      late = true;
      tell();
    }
  }

  private void tell() {
    if (late && whole.isCancelRequested()) {
      notice.accept(CancelWords.tooLate(whole.getCancellationReason(), what));
    }
  }
}
