package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.job.NotebookOrder;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.job.RunResult.Ending;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.settings.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for a run of every form, as the Jobs API reports it. */
class EachFormTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String GET = "GET /api/2.2/jobs/runs/get";
  private static final String SUBMIT = "POST /api/2.2/jobs/runs/submit";
  private static final String RUN_NOW = "POST /api/2.2/jobs/run-now";
  private static final String FAILED =
      "{\"life_cycle_state\": \"TERMINATED\", \"result_state\": \"FAILED\"}";
  private static final String SUCCESS =
      "{\"life_cycle_state\": \"TERMINATED\", \"result_state\": \"SUCCESS\"}";

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on(SUBMIT, "{\"run_id\": 17}")
          .on(RUN_NOW, "{\"run_id\": 17}")
          .on("POST /api/2.2/jobs/runs/cancel", "{}")
          .on("GET /api/2.2/jobs/runs/get-output", "{}")
          .on(
              "GET /api/2.2/jobs/list",
              "{\"jobs\":[{\"job_id\":12,\"settings\":{\"name\":\"nightly\"}}]}")
          .on(
              "GET /api/2.2/jobs/get",
              "{\"job_id\":12,\"settings\":{\"name\":\"nightly\",\"tasks\":[{\"task_key\":\"a\","
                  + "\"notebook_task\":{\"notebook_path\":\"/x\"}}]}}");

  private final DatabricksJobs jobs = Orders.jobs(workspace, new FakeWait());

  static Stream<Work> forms() {
    return Stream.of(
        new Work.Notebook("train.py", Map.of(), HOUR),
        new Work.Script("train.py", Map.of(), null, HOUR, null),
        new Work.Wheel("churn", "train", null, Map.of(), null, HOUR, null),
        new Work.Defined(
            "job.json",
            "{\"tasks\": [{\"task_key\": \"main\", \"notebook_task\": {\"notebook_path\": \"train\"}}]}",
            HOUR,
            null),
        new Work.Job("nightly", Map.of(), HOUR));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theSameKeyIsTheSameRunHoweverOftenItIsRequested(Work work) {
    answers("{\"run_id\": 17}");

    start(work, "key");
    start(work, "key");
    start(work, "another key");

    List<String> tokens =
        workspace.calls(work instanceof Work.Job ? RUN_NOW : SUBMIT).stream()
            .map(call -> call.body().path("idempotency_token").asText())
            .toList();
    assertThat(tokens).hasSize(3).allMatch(token -> token.length() == 64);
    assertThat(tokens.get(1)).isEqualTo(tokens.getFirst());
    assertThat(tokens.get(2)).isNotEqualTo(tokens.getFirst());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aRunThatTheServiceRetriesIsFollowedToItsEnd(Work work) {
    answers(
        "{\"run_id\": 17}",
        run("{\"life_cycle_state\": \"RUNNING\"}", "", task(171, 0, FAILED)),
        run("{\"life_cycle_state\": \"WAITING_FOR_RETRY\"}", "", task(171, 0, FAILED)),
        run(SUCCESS, "", task(171, 0, FAILED), task(172, 1, SUCCESS)));

    RunResult result = jobs.awaitRun(start(work, "key"));

    assertThat(result.ending()).isEqualTo(Ending.SUCCESS);
    assertThat(result.run().taskRunId()).isEqualTo(172);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aRunThatWasRepairedEndsAsItsRepairDid(Work work) {
    answers(
        "{\"run_id\": 17}",
        run(
            SUCCESS,
            "\"repair_history\": [{\"type\": \"REPAIR\", \"start_time\": 2, \"task_run_ids\":"
                + " [150]}],",
            task(171, 1, FAILED),
            task(150, 0, SUCCESS)));

    RunResult result = jobs.awaitRun(start(work, "key"));

    assertThat(result.ending()).isEqualTo(Ending.SUCCESS);
    assertThat(result.run().taskRunId()).isEqualTo(150);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aSkippedOrTimedOutTaskIsNoSuccess(Work work) {
    String skipped = "{\"life_cycle_state\": \"SKIPPED\"}";
    answers("{\"run_id\": 17}", run(SUCCESS, "", task(171, 0, skipped)));
    assertThat(jobs.awaitRun(start(work, "key")).ending()).isEqualTo(Ending.NOT_RUN);

    answers(
        "{\"run_id\": 17}", run(SUCCESS, "", task(171, 0, FAILED.replace("FAILED", "TIMEDOUT"))));
    assertThat(jobs.awaitRun(start(work, "key")).ending()).isEqualTo(Ending.TIMED_OUT);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aCancelEndsTheRunAndWaitsUntilItHasEnded(Work work) {
    answers(
        "{\"run_id\": 17}",
        run("{\"life_cycle_state\": \"RUNNING\"}", ""),
        run("{\"life_cycle_state\": \"TERMINATING\"}", ""),
        run(FAILED.replace("FAILED", "CANCELED"), ""));

    RunResult result = jobs.cancelRun(start(work, "key"));

    assertThat(result.ending()).isEqualTo(Ending.CANCELLED);
    assertThat(workspace.calls("POST /api/2.2/jobs/runs/cancel"))
        .singleElement()
        .satisfies(call -> assertThat(call.body().path("run_id").asLong()).isEqualTo(17));
  }

  private RunRef start(Work work, String key) {
    return work instanceof Work.Job job
        ? jobs.runTheirJob(new TeamJobRunOrder("dev", job.job(), key, Map.of(), Map.of(), null))
        : jobs.submitNotebook(NotebookOrder.of("dev", key, "train", Orders.SOURCE, work, Map.of()));
  }

  private static String task(long run, int attempt, String state) {
    return "{\"run_id\": %d, \"task_key\": \"main\", \"attempt_number\": %d, \"state\": %s}"
        .formatted(run, attempt, state);
  }

  private static String run(String state, String more, String... tasks) {
    return "{\"run_id\": 17, \"state\": %s, %s \"tasks\": [%s]}"
        .formatted(state, more, String.join(", ", tasks));
  }

  /** The run's states, in order; the last one repeats. */
  private void answers(String... runs) {
    int[] next = {0};
    workspace.on(GET, _ -> FakeWorkspace.json(200, runs[Math.min(next[0]++, runs.length - 1)]));
  }
}
