package dev.portage.promotion;

import io.temporal.client.WorkflowStub;

/** Plays one scenario, from its start to the recording of its history. */
interface Scenario {
  /** Returns the workflow whose history is recorded. */
  WorkflowStub go(PromotionEngine engine) throws Exception;
}
