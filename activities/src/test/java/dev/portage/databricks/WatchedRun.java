package dev.portage.databricks;

import dev.portage.job.RunRef;
import java.util.List;
import org.junit.jupiter.api.AutoClose;

/** A run in a workspace, as a promotion watches it. */
abstract class WatchedRun {
  static final String GET = "GET /api/2.2/jobs/runs/get";

  static final String OUTPUT = "GET /api/2.2/jobs/runs/get-output";

  static final String CANCEL = "POST /api/2.2/jobs/runs/cancel";

  static final RunRef RUN = new RunRef("dev", null, 17, null);

  static final String RUNNING = "{\"state\": {\"life_cycle_state\": \"RUNNING\"}}";

  final FakeWait waiting = new FakeWait();

  @AutoClose final FakeWorkspace workspace = FakeWorkspace.start().on(OUTPUT, "{}");

  final FakeMadeBefore before = new FakeMadeBefore();

  final DatabricksJobs jobs = Orders.jobs(workspace, waiting, before);

  /** Returns these in order, then the last one for ever. */
  void answers(String... runs) {
    List<String> list = List.of(runs);
    int[] next = {0};
    workspace.on(GET, _ -> FakeWorkspace.json(200, list.get(Math.min(next[0]++, list.size() - 1))));
  }

  static String ended(String state, String result) {
    return """
    {"run_id": 17, "run_page_url": "https://dev.example.com/run/17",
     "state": {"life_cycle_state": "%s", %s "state_message": "as the workspace says"},
     "tasks": [{"run_id": 171, "task_key": "notebook"}]}\
    """
        .formatted(state, result.isEmpty() ? "" : "\"result_state\": \"" + result + "\",");
  }
}
