package dev.portage.promotion;

import io.temporal.workflow.Workflow;

/**
 * Changes of the way that workflows go, each under an id that their histories keep. A promotion
 * waits through deployments: one that began before a change goes on in the old way, command by
 * command, and one that comes to it later goes the new way.
 *
 * <p>A command is what history records of workflow code: an activity, timer, child, signal to
 * another workflow, memo, search attribute. Where a change adds, drops or moves one, the code asks:
 *
 * <pre>{@code
 * if (Changes.made(Changes.TWINS_GO_AT_THE_END)) {
 *   registering.settle(order);
 * }
 * }</pre>
 *
 * <p>The answer is settled where a run asks first, and holds for that id until the run ends. So ask
 * right before the first command that differs, and use one id for what changed together. A constant
 * each, with a line on what changed; an id is never used again for something else, and goes only
 * when no run from before can still be open. What is no command needs none of this: current
 * details, answers to queries, state in fields.
 */
public final class Changes {

  /** A partition of a copy that fails ends the others, which ran on to their end before. */
  public static final String PARTITIONS_END_TOGETHER = "partitions-end-together";

  private Changes() {}

  /** Whether this run goes the way after a change. Only to be asked in workflow code. */
  public static boolean made(String change) {
    return Workflow.getVersion(change, Workflow.DEFAULT_VERSION, 1) == 1;
  }
}
