package dev.portage.databricks;

import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import org.junit.jupiter.api.AutoClose;

/** A workspace with jobs, and what Portage does to them. */
abstract class JobsWorld {
  static final JobQuery QUERY = new JobQuery("dev", "churn-batch", "churn");
  static final String RESET = "POST /api/2.2/jobs/reset";
  @AutoClose final FakeWorkspace workspace = FakeWorkspace.start();
  final FakeJobs there = new FakeJobs(workspace);
  final Orders.MemoryUndoStore undoStore = new Orders.MemoryUndoStore();
  final DatabricksJobs jobs = new DatabricksJobs(workspace.clients(), undoStore, new FakeWait());

  static JobOrder first() {
    return Orders.scoring("promotion/churn/a", "1");
  }

  static JobOrder second() {
    return Orders.scoring("promotion/churn/b", "2");
  }
}
