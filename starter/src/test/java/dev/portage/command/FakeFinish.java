package dev.portage.command;

import dev.portage.release.FinishStart;
import dev.portage.release.FinishView;
import dev.portage.release.FinishWorkflow;
import dev.portage.release.Unfinished;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.util.List;

/**
 * Finishes nothing for eve@example.com, ends early for mallory@example.com, and finishes everything
 * for everyone else.
 */
public class FakeFinish implements FinishWorkflow {

  @Override
  public FinishView finish(FinishStart start) {
    if (start.by().equals("mallory@example.com")) {
      throw new CanceledFailure("someone cancelled it");
    }
    boolean refused = start.by().equals("eve@example.com");
    return new FinishView(
        start.promotion(),
        start.by(),
        refused ? List.of() : start.unfinished().stream().map(Unfinished::text).toList(),
        refused ? start.unfinished() : List.of());
  }

  @Override
  public FinishView status() {
    throw new UnsupportedOperationException(Workflow.getInfo().getWorkflowId());
  }
}
