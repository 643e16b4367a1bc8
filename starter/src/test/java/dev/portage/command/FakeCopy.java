package dev.portage.command;

import dev.portage.temporal.Memos;
import dev.portage.versioncopy.CopyStart;
import dev.portage.versioncopy.CopyView;
import dev.portage.versioncopy.CopyWorkflow;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.util.Map;

/**
 * A copy that never finishes; when cancelled, it reports what it removed. The model "queued" waits
 * for a place in the copy queue.
 */
public class FakeCopy implements CopyWorkflow {

  @Override
  public CopyView copyVersion(CopyStart start) {
    try {
      if (start.model().equals("queued")) {
        Unhurried.begin("Copy");
      }
      Workflow.await(() -> false);
    } catch (CanceledFailure cancelled) {
      Workflow.upsertMemo(
          Map.of(
              Memos.SAYS,
              "version 4 of " + start.model() + " in prod was incomplete and was removed"));
      throw cancelled;
    }
    throw new IllegalStateException("nothing else ends it");
  }

  @Override
  public CopyView status() {
    throw new UnsupportedOperationException("nobody asks");
  }
}
