package dev.portage.lane;

import io.temporal.workflow.QueryMethod;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow that takes turns offers to the lane: a promotion, a rollback, an adoption. It
 * also takes the signal {@link Preempt#SIGNAL}, which a rollback may ignore.
 */
public interface TurnHolder {

  /** Name of {@link #turnWanted}. */
  String QUERY = "turnWanted";

  /** The request for a turn that it waits for or holds; null without one. */
  @QueryMethod(name = QUERY)
  @Nullable TurnRequest turnWanted();
}
