package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.job.RunResult.Ending;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs with several tasks, some retried, repaired or skipped. */
class RunTasksTest {
  private static final String GET = "GET /api/2.2/jobs/runs/get";
  private static final String OUTPUT = "GET /api/2.2/jobs/runs/get-output";
  private static final RunRef RUN = new RunRef("dev", 5L, 17, null);
  private static final String SUCCESS =
      "{\"life_cycle_state\": \"TERMINATED\", \"result_state\": \"SUCCESS\"}";

  private final FakeWait waiting = new FakeWait();
  @AutoClose private final FakeWorkspace workspace = FakeWorkspace.start().on(OUTPUT, "{}");
  private final DatabricksJobs jobs = Orders.jobs(workspace, waiting);

  /** Only a run's last tasks decide its result: Databricks may report it as a success anyway. */
  @ParameterizedTest
  @CsvSource({
    "TERMINATED, FAILED, FAILED",
    "TERMINATED, TIMEDOUT, TIMED_OUT",
    "TERMINATED, CANCELED, CANCELLED",
    "TERMINATED, EXCLUDED, NOT_RUN",
    "TERMINATED, DISABLED, NOT_RUN",
    "TERMINATED, UPSTREAM_FAILED, NOT_RUN",
    "TERMINATED, UPSTREAM_CANCELED, NOT_RUN",
    "SKIPPED, '', NOT_RUN",
    "INTERNAL_ERROR, FAILED, PLATFORM"
  })
  void aTaskWithoutSuccessMakesTheRunAFailure(String state, String result, Ending ending) {
    answers(
        """
        {"run_id": 17, "state": %s, "tasks": [
          {"run_id": 171, "task_key": "train", "state": {"life_cycle_state": "%s" %s}},
          {"run_id": 172, "task_key": "clean-up", "state": %s}]}\
        """
            .formatted(
                SUCCESS,
                state,
                result.isEmpty() ? "" : ", \"result_state\": \"" + result + "\"",
                SUCCESS));

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(ending);
    assertThat(run.state())
        .isEqualTo(
            "TERMINATED/SUCCESS, but these tasks did not succeed: train ("
                + (result.isEmpty() ? state : result)
                + ")");
  }

  @ParameterizedTest
  @CsvSource({
    "SKIPPED, SUCCESS, NOT_RUN",
    "DISABLED, SUCCESS, NOT_RUN",
    "RUN_EXECUTION_ERROR, CLIENT_ERROR, FAILED",
    "CLOUD_FAILURE, CLOUD_FAILURE, PLATFORM"
  })
  void theSameHoldsWhereTasksReportOnlyTheNewStatus(String code, String type, Ending ending) {
    answers(
        """
        {"run_id": 17, "state": %s, "tasks": [
          {"run_id": 171, "task_key": "train", "status": {"state": "TERMINATED",
            "termination_details": {"code": "%s", "type": "%s"}}},
          {"run_id": 172, "task_key": "clean-up", "state": %s}]}\
        """
            .formatted(SUCCESS, code, type, SUCCESS));

    assertThat(jobs.awaitRun(RUN).ending()).isEqualTo(ending);
  }

  @Test
  void theTaskThatFailedFirstDecidesAndIsRead() {
    answers(
        """
        {"run_id": 17,
         "state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED"}, "tasks": [
          {"run_id": 171, "task_key": "a", "state": %s},
          {"run_id": 172, "task_key": "c", "state":
            {"life_cycle_state": "TERMINATED", "result_state": "UPSTREAM_FAILED"}},
          {"run_id": 173, "task_key": "b", "state":
            {"life_cycle_state": "TERMINATED", "result_state": "TIMEDOUT"}}]}\
        """
            .formatted(SUCCESS));

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(Ending.TIMED_OUT);
    assertThat(run.run().taskRunId()).isEqualTo(173);
    assertThat(outputsAsked()).containsExactly("173");
  }

  @Test
  void aRunThatTheServiceRetriesIsFollowedToTheEndOfItsLastAttempt() {
    answers(
        """
        {"run_id": 17, "state": {"life_cycle_state": "RUNNING"}, "tasks": [
          {"run_id": 171, "task_key": "train", "attempt_number": 0, "state":
            {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}}]}\
        """,
        "{\"run_id\": 17, \"state\": {\"life_cycle_state\": \"WAITING_FOR_RETRY\"}}",
        """
        {"run_id": 17, "state": %s, "tasks": [
          {"run_id": 199, "task_key": "train", "attempt_number": 0, "state":
            {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}},
          {"run_id": 180, "task_key": "train", "attempt_number": 1, "state": %s}]}\
        """
            .formatted(SUCCESS, SUCCESS));

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(Ending.SUCCESS);
    assertThat(run.run().taskRunId()).isEqualTo(180);
    assertThat(run.run().otherTaskRuns()).as("a model of the failed attempt").isNull();
  }

  /** A repair restarts attempt numbers, and run ids are not in order. */
  @Test
  void aRepairReplacesEarlierAttemptsWhateverTheirNumbers() {
    answers(
        """
        {"run_id": 17, "state": %s,
         "repair_history": [
           {"type": "REPAIR", "id": 2, "start_time": 3000, "task_run_ids": [150]},
           {"type": "ORIGINAL", "start_time": 1000, "task_run_ids": [199, 198, 120]},
           {"type": "REPAIR", "id": 1, "start_time": 2000, "task_run_ids": [170]}],
         "tasks": [
          {"run_id": 120, "task_key": "prepare", "attempt_number": 0, "state": %s},
          {"run_id": 199, "task_key": "train", "attempt_number": 0, "state":
            {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}},
          {"run_id": 198, "task_key": "train", "attempt_number": 1, "state":
            {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}},
          {"run_id": 170, "task_key": "train", "attempt_number": 0, "state":
            {"life_cycle_state": "TERMINATED", "result_state": "TIMEDOUT"}},
          {"run_id": 150, "task_key": "train", "attempt_number": 0, "state": %s}]}\
        """
            .formatted(SUCCESS, SUCCESS, SUCCESS));

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(Ending.SUCCESS);
    assertThat(run.run().taskRunId()).isEqualTo(150);
    assertThat(run.run().otherTaskRuns()).containsExactly(120L);
    assertThat(workspace.calls(GET).getLast().query("include_history")).isEqualTo("true");
  }

  @Test
  void aFailedRepairIsNoSuccessEvenIfTheAttemptBeforeWas() {
    answers(
        """
        {"run_id": 17, "state": %s,
         "repair_history": [{"type": "REPAIR", "start_time": 2000, "task_run_ids": [150]}],
         "tasks": [
          {"run_id": 199, "task_key": "train", "attempt_number": 3, "state": %s},
          {"run_id": 150, "task_key": "train", "attempt_number": 0, "state":
            {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}}]}\
        """
            .formatted(SUCCESS, SUCCESS));

    assertThat(jobs.awaitRun(RUN).ending()).isEqualTo(Ending.FAILED);
  }

  @Test
  void tasksOnEveryPageCount() {
    String page =
        """
        {"run_id": 17, "state": %s, "next_page_token": "%s", "tasks": [
          {"run_id": %d, "task_key": "t%d", "state": %s}]}\
        """;
    answers(
        page.formatted(SUCCESS, "p2", 171, 1, SUCCESS),
        page.formatted(SUCCESS, "p3", 172, 2, SUCCESS),
        page.formatted(SUCCESS, "", 173, 3, "{\"life_cycle_state\": \"SKIPPED\"}"));

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(Ending.NOT_RUN);
    assertThat(run.state()).contains("t3 (SKIPPED)");
    assertThat(run.run().otherTaskRuns()).containsExactly(171L, 172L);
    assertThat(workspace.calls(GET).stream().skip(1).map(call -> call.query("page_token")))
        .containsExactly("p2", "p3");
  }

  @Test
  void theLastNotebooksMeaningfulExitValueIsUsed() {
    answers(
        """
        {"run_id": 17, "state": %s, "tasks": [
          {"run_id": 171, "task_key": "train", "notebook_task": {}, "state": %s},
          {"run_id": 172, "task_key": "load", "spark_python_task": {}, "state": %s},
          {"run_id": 173, "task_key": "report", "notebook_task": {}, "state": %s}]}\
        """
            .formatted(SUCCESS, SUCCESS, SUCCESS, SUCCESS));
    workspace.on(
        OUTPUT,
        call ->
            FakeWorkspace.json(
                200,
                "171".equals(call.query("run_id"))
                    ? "{\"notebook_output\": {\"result\": \"{\\\"run_id\\\": \\\"a1\\\"}\"}}"
                    : "{\"notebook_output\": {\"result\": \"all is well\"}}"));

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.exitValue()).isEqualTo("{\"run_id\": \"a1\"}");
    assertThat(outputsAsked()).containsExactly("173", "171");
  }

  private List<String> outputsAsked() {
    return workspace.calls(OUTPUT).stream().map(call -> call.query("run_id")).toList();
  }

  private void answers(String... runs) {
    List<String> list = List.of(runs);
    int[] next = {0};
    workspace.on(GET, _ -> FakeWorkspace.json(200, list.get(Math.min(next[0]++, list.size() - 1))));
  }
}
