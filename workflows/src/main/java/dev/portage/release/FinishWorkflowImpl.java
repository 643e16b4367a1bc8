package dev.portage.release;

import dev.portage.failure.Failures;
import dev.portage.temporal.Given;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** See {@link FinishWorkflow}. */
public class FinishWorkflowImpl implements FinishWorkflow {

  /** Pauses between rounds: someone waits for the answer, so they are few and short. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(40));

  private final FinishStart start;
  private final List<String> done = new ArrayList<>();
  private final List<Unfinished> left;

  /** The state exists before the first query is answered. */
  @WorkflowInit
  public FinishWorkflowImpl(@Nullable FinishStart given) {
    this.start = Given.input(given, FinishStart.class);
    this.left = new ArrayList<>(start.unfinished());
  }

  @Override
  public FinishView finish(FinishStart same) {
    round();
    for (Duration pause : PAUSES) {
      if (!left.isEmpty()) {
        Workflow.sleep(pause);
        round();
      }
    }
    return status();
  }

  private void round() {
    for (Unfinished unfinished : List.copyOf(left)) {
      FollowUp order = unfinished.order();
      try {
        String text = FollowUpRunner.carryOut(order);
        left.remove(unfinished);
        done.add(order.step() + ": " + text);
      } catch (TemporalFailure failure) {
        CancellationScope.throwCanceled();
        left.set(left.indexOf(unfinished), new Unfinished(order, Failures.line(failure)));
      }
    }
  }

  @Override
  public FinishView status() {
    return new FinishView(start.promotion(), start.by(), done, left);
  }
}
