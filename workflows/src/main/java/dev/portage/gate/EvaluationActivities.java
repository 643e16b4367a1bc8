package dev.portage.gate;

import io.temporal.activity.ActivityInterface;

/**
 * Computes verdicts, which are recorded so that a newer worker replays an older verdict. On task
 * queue {@code portage}.
 */
@ActivityInterface
public interface EvaluationActivities {

  /** Evaluates every gate. */
  Evidence evaluate(EvaluationOrder order);
}
