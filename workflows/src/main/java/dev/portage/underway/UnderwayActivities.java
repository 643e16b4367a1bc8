package dev.portage.underway;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Talks to {@link UnderwayWorkflow}s as a client of Temporal. On task queue {@code portage}. */
@ActivityInterface
public interface UnderwayActivities {

  /** Announces a promotion, and answers whether it goes on; the same one twice is once. */
  Admitted enter(EnterOrder order);

  /** Signs a promotion off; harmless if it was never announced. */
  void leave(LeaveOrder order);

  /** Those of these workflows that run. */
  List<String> runningOf(List<String> workflows);
}
