package dev.portage.load;

import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/**
 * A workflow that does only what any workflow would have to: as many activities as a promotion, on
 * as many task queues, each returning at once, with a decision in between.
 */
@WorkflowInterface
public interface BareWorkflow {

  /** Task queue of these workflows. */
  String TASK_QUEUE = "bare";

  /** Name of the Update that lets it continue. */
  String DECISION = "approve";

  /**
   * What it has to do.
   *
   * @param before task queues of the activities before it waits, one after the other
   * @param after the same of those after the decision
   */
  record Shape(List<String> before, List<String> after) {
    public Shape {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  /** Does it. */
  @WorkflowMethod
  void run(Shape shape);

  /** The decision. */
  @UpdateMethod
  void approve();
}
