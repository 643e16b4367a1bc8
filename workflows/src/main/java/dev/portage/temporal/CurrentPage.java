package dev.portage.temporal;

import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.util.function.Supplier;

/**
 * A workflow's page in the Web UI, rendered once everything in a workflow task has happened: one
 * for each of hundreds of messages would take longer than a task may, and each replay renders all
 * of them again.
 */
public final class CurrentPage {

  private final Supplier<String> markdown;

  /** Whether the page says something else by now. */
  private boolean changed = true;

  /**
   * @param markdown renders it, at most {@link dev.portage.text.Bounded#PAGE} bytes
   */
  public CurrentPage(Supplier<String> markdown) {
    this.markdown = markdown;
  }

  /** Renders it from now on, as long as the scope that calls this isn't cancelled. */
  public void keep() {
    Async.procedure(() -> {
      while (true) {
        Workflow.await(() -> changed);
        show();
      }
    });
  }

  /** It says something else by now. */
  public void changed() {
    changed = true;
  }

  /** Renders it now: for a workflow that is about to end. */
  public void show() {
    changed = false;
    Workflow.setCurrentDetails(markdown.get());
  }
}
