package dev.portage.hello;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Answers a greeting: what {@code portage hello} starts. It calls no activity, so it reaches no
 * workspace and changes nothing.
 */
@WorkflowInterface
public interface HelloWorkflow {

  /** Answers at once, and leaves a page in Temporal's Web UI. */
  @WorkflowMethod
  HelloView hello(HelloStart start);
}
