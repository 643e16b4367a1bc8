package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.job.RunResult;
import dev.portage.job.RunResult.Ending;
import dev.portage.tracking.ExitValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run that has ended says: its error, its exit value, its commit. */
class RunOutputTest extends WatchedRun {
  /** A failed notebook as observed: only its output says why. */
  @Test
  void aFailedRunIsReportedByItsOutputIfRunAndTaskGiveNoReason() {
    answers(
        """
        {"state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED",
           "state_message": "Task score failed with message: Workload failed, see run output for details."},
         "tasks": [{"run_id": 171, "task_key": "score",
           "state": {"life_cycle_state": "TERMINATED", "result_state": "FAILED",
             "state_message": "Workload failed, see run output for details"}}]}\
        """);
    workspace.on(
        OUTPUT,
        """
        {"error": "ValueError: column bmi is empty",
         "error_trace": "Traceback (most recent call last)\\n  File score.py\\nValueError: column bmi is empty"}\
        """);

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(Ending.FAILED);
    assertThat(run.error()).isEqualTo("ValueError: column bmi is empty");
    assertThat(run.state()).as("points to the error alone").isEqualTo("INTERNAL_ERROR/FAILED");
    assertThat(run.trace()).endsWith("ValueError: column bmi is empty");
    assertThat(workspace.calls(OUTPUT))
        .singleElement()
        .extracting(call -> call.query("run_id"))
        .isEqualTo("171");
  }

  /** The workspace's message is shown next to the code's error only if it adds something. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Workload failed, see run output for details                       | INTERNAL_ERROR/FAILED
          Task score failed with message: Workload failed, see run output for details. This caused all downstream tasks to get skipped. | INTERNAL_ERROR/FAILED
          Task score failed with message: ValueError: column bmi is empty.  | INTERNAL_ERROR/FAILED
          column bmi is empty                                               | INTERNAL_ERROR/FAILED
          The cluster was terminated by ana                                 | INTERNAL_ERROR/FAILED: The cluster was terminated by ana
          """)
  void theErrorOfTheCodeIsReportedOnce(String message, String state) {
    answers(
        """
        {"state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED", "state_message": "%s"},
         "tasks": [{"run_id": 171, "task_key": "score",
           "state": {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}}]}\
        """
            .formatted(message));
    workspace.on(OUTPUT, "{\"error\": \"ValueError: column bmi is empty\"}");

    assertThat(jobs.awaitRun(RUN).state()).isEqualTo(state);

    workspace.on(OUTPUT, "{}");
    assertThat(jobs.awaitRun(RUN).state()).isEqualTo("INTERNAL_ERROR/FAILED: " + message);
  }

  @Test
  void aSecretInTheErrorOfANotebookStaysInTheWorkspace() {
    String install = "%pip install --index-url https://ana:hunter2@example.com/simple x: not there";
    answers(
        """
        {"state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED",
           "state_message": "see https://ana:hunter2@example.com"},
         "tasks": [{"run_id": 171, "task_key": "score",
           "state": {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}}]}\
        """);
    workspace.on(
        OUTPUT,
        JsonNodeFactory.instance
            .objectNode()
            .put("error", install)
            .put("error_trace", "line 1\n" + install)
            .toString());

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.error()).contains("%pip install").contains("x: not there");
    assertThat(run.toString()).doesNotContain("hunter2");
  }

  @Test
  void aFailedNotebookShowsItsCellsErrorItsLastTraceLinesAndItsPage() {
    StringBuilder trace = new StringBuilder();
    for (int line = 1; line <= 40; line++) {
      trace.append("\u001b[0;31mline ").append(line).append("\u001b[0m\n\n");
    }
    answers(ended("TERMINATED", "FAILED"));
    workspace.on(
        OUTPUT,
        JsonNodeFactory.instance
            .objectNode()
            .put("error", "\u001b[31mValueError\u001b[0m: no column 'tenure'")
            .put("error_trace", trace.toString())
            .toString());

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.error()).isEqualTo("ValueError: no column 'tenure'");
    assertThat(run.trace()).hasSize(15).first().isEqualTo("line 26");
    assertThat(run.trace()).last().isEqualTo("line 40");
    assertThat(run.page()).isEqualTo(URI.create("https://dev.example.com/run/17"));
  }

  @Test
  void theExitValueIsThatOfTheLastAttempt() {
    answers(
        """
        {"state": {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS"},
         "tasks": [{"run_id": 171, "attempt_number": 0}, {"run_id": 172, "attempt_number": 1}]}\
        """);
    workspace.on(OUTPUT, "{\"notebook_output\": {\"result\": \"{\\\"run_id\\\": \\\"a1\\\"}\"}}");

    assertThat(jobs.awaitRun(RUN).exitValue()).isEqualTo("{\"run_id\": \"a1\"}");
    assertThat(workspace.calls(OUTPUT).getFirst().query("run_id")).isEqualTo("172");
  }

  @Test
  void anExitValueTooLongForHistoryIsTruncatedBetweenCharactersAndSaysSo() {
    answers(ended("TERMINATED", "SUCCESS"));
    workspace.on(OUTPUT, "{\"notebook_output\": {\"result\": \"" + "é".repeat(40_000) + "\"}}");

    String value = jobs.awaitRun(RUN).exitValue();

    assertThat(value).endsWith("… (cut: it has 80000 bytes, 65536 are kept)").doesNotContain("�");
    assertThat(String.valueOf(value).getBytes(StandardCharsets.UTF_8).length)
        .isBetween(65_500, 65_536);
  }

  @Test
  void whatALongExitValueNamesAtItsEndIsKept() {
    answers(ended("TERMINATED", "SUCCESS"));
    workspace.on(
        OUTPUT,
        "{\"notebook_output\": {\"truncated\": true, \"result\": \"{'pred': '"
            + "é".repeat(40_000)
            + "', 'run_id': 'a1', 'rest': '\"}}");

    String value = jobs.awaitRun(RUN).exitValue();

    assertThat(value).hasSizeLessThan(200).contains("cut: it has 8");
    assertThat(ExitValue.read(value).runId()).isEqualTo("a1");
  }

  @Test
  void aRunThatNeverStartedHasNoOutputToRead() {
    answers("{\"state\": {\"life_cycle_state\": \"SKIPPED\"}}");

    assertThat(jobs.awaitRun(RUN).ending()).isEqualTo(Ending.NOT_RUN);
    assertThat(workspace.calls(OUTPUT)).isEmpty();
  }

  @Test
  void aRefusedOutputDoesNotLoseTheResult() {
    answers(ended("INTERNAL_ERROR", "FAILED"));
    workspace.on(OUTPUT, _ -> FakeWorkspace.refusal(404, "RESOURCE_DOES_NOT_EXIST", "expired"));

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(Ending.PLATFORM);
    assertThat(run.error()).contains("expired");
  }

  @Test
  void theCommitThatRanIsReportedWhicheverWasRequested() {
    answers(checkedOut("f".repeat(40)));

    assertThat(jobs.awaitRun(RUN).usedCommit()).isEqualTo("f".repeat(40));
  }

  private static String checkedOut(String commit) {
    return """
    {"state": {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS"},
     "git_source": {"git_commit": "%s", "git_snapshot": {"used_commit": "%s"}}}\
    """
        .formatted(Orders.COMMIT, commit);
  }
}
