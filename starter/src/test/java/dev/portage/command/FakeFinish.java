package dev.portage.command;

import dev.portage.release.FinishStart;
import dev.portage.release.FinishView;
import dev.portage.release.FinishWorkflow;
import dev.portage.release.Unfinished;
import io.temporal.workflow.Workflow;
import java.util.List;

/** Finishes nothing for eve@example.com, and everything for everybody else. */
public class FakeFinish implements FinishWorkflow {

  @Override
  public FinishView finish(FinishStart start) {
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
