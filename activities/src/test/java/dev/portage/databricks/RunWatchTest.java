package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.failure.FailureKind;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.job.RunResult.Ending;
import dev.portage.tracking.ExitValue;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunWatchTest {
  private static final String GET = "GET /api/2.2/jobs/runs/get";
  private static final String OUTPUT = "GET /api/2.2/jobs/runs/get-output";
  private static final String CANCEL = "POST /api/2.2/jobs/runs/cancel";
  private static final RunRef RUN = new RunRef("dev", null, 17, null);
  private static final String RUNNING = "{\"state\": {\"life_cycle_state\": \"RUNNING\"}}";

  private final FakeWait waiting = new FakeWait();
  private final FakeWorkspace workspace = FakeWorkspace.start().on(OUTPUT, "{}");
  private final FakeMadeBefore before = new FakeMadeBefore();
  private final DatabricksJobs jobs = Orders.jobs(workspace, waiting, before);

  @AfterEach
  void stop() {
    workspace.close();
  }

  @ParameterizedTest
  @CsvSource({
    "TERMINATED, SUCCESS, SUCCESS",
    "TERMINATED, FAILED, FAILED",
    "TERMINATED, SUCCESS_WITH_FAILURES, FAILED",
    "TERMINATED, UPSTREAM_FAILED, FAILED",
    "TERMINATED, TIMEDOUT, TIMED_OUT",
    "TERMINATED, CANCELED, CANCELLED",
    "TERMINATED, UPSTREAM_CANCELED, CANCELLED",
    "TERMINATED, EXCLUDED, NOT_RUN",
    "TERMINATED, MAXIMUM_CONCURRENT_RUNS_REACHED, NOT_RUN",
    "SKIPPED, '', NOT_RUN",
    "INTERNAL_ERROR, FAILED, PLATFORM",
    "INTERNAL_ERROR, '', PLATFORM"
  })
  @Tag("S0.18")
  @Tag("S3.15")
  void everyFinalStateEndsTheWaitAndOnlySuccessIsSuccess(
      String state, String result, Ending ending) {
    answers(RUNNING, ended(state, result));

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(ending);
    assertThat(run.state())
        .isEqualTo(state + (result.isEmpty() ? "" : "/" + result) + ": as the workspace says");
  }

  @ParameterizedTest
  @CsvSource({
    "TERMINATED, FAILED, CLIENT_ERROR, FAILED",
    "TERMINATED, TIMEDOUT, CLIENT_ERROR, TIMED_OUT",
    "TERMINATED, CANCELED, CLIENT_ERROR, CANCELLED",
    "INTERNAL_ERROR, FAILED, CLIENT_ERROR, FAILED",
    "INTERNAL_ERROR, FAILED, CLOUD_FAILURE, PLATFORM",
    "INTERNAL_ERROR, FAILED, INTERNAL_ERROR, PLATFORM",
    "TERMINATED, SUCCESS, INTERNAL_ERROR, PLATFORM"
  })
  void anInternalErrorIsAPlatformErrorUnlessTaskOrCauseSayOtherwise(
      String state, String result, String cause, Ending ending) {
    answers(
        """
        {"state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED"},
         "status": {"state": "TERMINATED", "termination_details": {"type": "%s"}},
         "tasks": [{"run_id": 171,
           "state": {"life_cycle_state": "%s", "result_state": "%s"}}]}\
        """
            .formatted(cause, state, result));

    assertThat(jobs.awaitRun(RUN).ending()).isEqualTo(ending);
  }

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

  @ParameterizedTest
  @CsvSource({
    "'{}'",
    "'{\"state\": null}'",
    "'{\"state\": {}}'",
    "'{\"state\": {\"life_cycle_state\": \"A_STATE_OF_TOMORROW\"}}'",
    "'{\"state\": {\"life_cycle_state\": \"QUEUED\"}}'",
    "'{\"state\": {\"life_cycle_state\": \"BLOCKED\"}}'",
    "'{\"state\": {\"life_cycle_state\": \"WAITING_FOR_RETRY\"}}'",
    "'{\"state\": {\"life_cycle_state\": \"TERMINATING\", \"result_state\": \"SUCCESS\"}}'"
  })
  void missingUnknownAndUnfinishedStatesArePolledAgain(String state) {
    answers(state, state, state, ended("TERMINATED", "SUCCESS"));

    assertThat(jobs.awaitRun(RUN).ending()).isEqualTo(Ending.SUCCESS);
    assertThat(workspace.calls(GET)).hasSize(4);
  }

  @Test
  @Tag("S3.15")
  void anEndWithAnUnknownResultBecomesAFailureAfterAWhile() {
    answers(ended("TERMINATED", "A_RESULT_OF_TOMORROW"));

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(Ending.FAILED);
    assertThat(run.state()).startsWith("TERMINATED/(no known result)");
    assertThat(workspace.calls(GET)).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCESS, SUCCESS, SUCCESS, TERMINATED/SUCCESS: said",
    "SUCCESS_WITH_FAILURES, SUCCESS, FAILED, TERMINATED/SUCCESS_WITH_FAILURES: said",
    "RUN_EXECUTION_ERROR, CLIENT_ERROR, FAILED, TERMINATED/FAILED: said",
    "USER_CANCELED, CLIENT_ERROR, CANCELLED, TERMINATED/CANCELED: said",
    "MAX_CONCURRENT_RUNS_EXCEEDED, CLIENT_ERROR, NOT_RUN, SKIPPED: said",
    "CLOUD_FAILURE, CLOUD_FAILURE, PLATFORM, INTERNAL_ERROR/FAILED: said",
    "A_CODE_OF_TOMORROW, INTERNAL_ERROR, PLATFORM, INTERNAL_ERROR/FAILED: said"
  })
  void aWorkspaceThatReportsOnlyTheNewStatusIsUnderstood(
      String code, String type, Ending ending, String words) {
    answers(
        "{\"run_id\": 17, \"status\": {\"state\": \"QUEUED\"}}",
        "{\"run_id\": 17, \"status\": {\"state\": \"RUNNING\"}}",
        "{\"run_id\": 17, \"status\": {\"state\": \"TERMINATED\", \"termination_details\": {\"code\": \""
            + code
            + "\", \"type\": \""
            + type
            + "\", \"message\": \"said\"}}}");

    RunResult run = jobs.awaitRun(RUN);

    assertThat(run.ending()).isEqualTo(ending);
    assertThat(run.state()).isEqualTo(words);
  }

  @Test
  void pausesGrowToTenSecondsAndHeartbeatsContinueMeanwhile() {
    String[] states = new String[40];
    Arrays.fill(states, RUNNING);
    states[39] = ended("TERMINATED", "SUCCESS");
    answers(states);

    jobs.awaitRun(RUN);

    assertThat(waiting.waited()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(7));
    assertThat(waiting.longestSilence()).isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503})
  void aPollThatFailedEndsTheAttemptAndTheNextOneFindsTheRun(int status) {
    answers(RUNNING, ended("TERMINATED", "SUCCESS"));
    workspace.once(GET, new MockResponse.Builder().code(status).body("<html>later</html>").build());

    assertThatThrownBy(() -> jobs.awaitRun(RUN))
        .asInstanceOf(InstanceOfAssertFactories.type(ApplicationFailure.class))
        .satisfies(failure -> {
          assertThat(failure.getType()).isEqualTo(FailureKind.PLATFORM.type());
          assertThat(failure.isNonRetryable()).isFalse();
        });
    assertThat(waiting.waited()).isZero();
    assertThat(jobs.awaitRun(RUN).ending()).isEqualTo(Ending.SUCCESS);
  }

  @Test
  void retryAfterIsLeftToTemporal() {
    workspace.once(
        GET,
        FakeWorkspace.refusal(429, "REQUEST_LIMIT_EXCEEDED", "later")
            .newBuilder()
            .setHeader("Retry-After", "30")
            .build());

    assertThatThrownBy(() -> jobs.awaitRun(RUN))
        .asInstanceOf(InstanceOfAssertFactories.type(ApplicationFailure.class))
        .extracting(ApplicationFailure::getNextRetryDelay)
        .isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @CsvSource({"400, INVALID_PARAMETER_VALUE", "404, RESOURCE_DOES_NOT_EXIST", "404, ''"})
  void aRunThatWasJustStartedMayNotBeShownYet(int status, String code) {
    answers(ended("TERMINATED", "SUCCESS"));
    workspace.once(GET, FakeWorkspace.refusal(status, code, "Run 17 does not exist."));
    before.attempt(3, Duration.ofSeconds(59));

    assertThatThrownBy(() -> jobs.awaitRun(RUN))
        .hasMessageContaining("not visible yet")
        .asInstanceOf(InstanceOfAssertFactories.type(ApplicationFailure.class))
        .extracting(ApplicationFailure::getType)
        .isEqualTo(FailureKind.PLATFORM.type());
    assertThat(jobs.awaitRun(RUN).ending()).isEqualTo(Ending.SUCCESS);
  }

  @Test
  void aMissingRunEndsTheWaitOnceItShouldHaveShown() {
    workspace.on(
        GET, _ -> FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", "Run 17 does not exist."));
    before.attempt(7, Duration.ofSeconds(60));

    assertThatThrownBy(() -> jobs.awaitRun(RUN))
        .hasMessageContaining("Run 17 does not exist")
        .asInstanceOf(InstanceOfAssertFactories.type(ApplicationFailure.class))
        .extracting(ApplicationFailure::getType)
        .isEqualTo(FailureKind.USER.type());
  }

  @Test
  void aRunThatDisappearedEndsTheWaitImmediately() {
    AtomicInteger asked = new AtomicInteger();
    workspace.on(
        GET,
        _ ->
            asked.incrementAndGet() == 1
                ? FakeWorkspace.json(200, RUNNING)
                : FakeWorkspace.refusal(404, "RESOURCE_DOES_NOT_EXIST", "gone"));

    assertThatThrownBy(() -> jobs.awaitRun(RUN)).hasMessageContaining("gone");
    assertThat(asked).hasValue(2);
  }

  @Test
  void aCancelledActivityStopsWaitingAtTheNextHeartbeat() {
    answers(RUNNING);
    waiting.end(new ActivityCanceledException());

    assertThatThrownBy(() -> jobs.awaitRun(RUN)).isInstanceOf(ActivityCanceledException.class);
    assertThat(workspace.calls(GET)).hasSize(1);
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

  @Test
  void cancellingAnEndedRunOnlySaysHowItEnded() {
    answers(ended("TERMINATED", "SUCCESS"));

    assertThat(jobs.cancelRun(RUN).ending()).isEqualTo(Ending.SUCCESS);
    assertThat(workspace.calls(CANCEL)).isEmpty();
  }

  @Test
  void cancellingWaitsUntilTheRunHasEnded() {
    answers(RUNNING, RUNNING, RUNNING, ended("TERMINATED", "CANCELED"));
    workspace.on(CANCEL, "{}");

    assertThat(jobs.cancelRun(RUN).ending()).isEqualTo(Ending.CANCELLED);
    assertThat(workspace.calls(CANCEL)).hasSize(1);
  }

  @Test
  void aRepeatedCancelIsNotSentWhileTheRunIsEnding() {
    answers(RUNNING);
    workspace.on(CANCEL, "{}");
    assertThatThrownBy(() -> jobs.cancelRun(RUN)).hasMessageContaining("it is still RUNNING");
    String ending = "{\"state\": {\"life_cycle_state\": \"TERMINATING\"}}";
    answers(ending, ending, ended("TERMINATED", "CANCELED"));

    assertThat(jobs.cancelRun(RUN).ending()).isEqualTo(Ending.CANCELLED);
    assertThat(workspace.calls(CANCEL)).hasSize(1);
  }

  @Test
  void slowResponsesDoNotStopHeartbeats() {
    workspace
        .on(
            GET,
            _ -> {
              waiting.sleep(Duration.ofSeconds(20));
              return FakeWorkspace.json(200, ended("TERMINATED", "FAILED"));
            })
        .on(
            OUTPUT,
            _ -> {
              waiting.sleep(Duration.ofSeconds(20));
              return FakeWorkspace.json(200, "{}");
            });

    jobs.awaitRun(RUN);
    waiting.beat("done");

    assertThat(waiting.longestSilence()).isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void aRunThatEndsDuringItsCancelIsNoFailure() {
    answers(RUNNING, ended("TERMINATED", "SUCCESS"));
    workspace.on(CANCEL, _ -> FakeWorkspace.refusal(400, "INVALID_STATE", "it has ended"));

    assertThat(jobs.cancelRun(RUN).ending()).isEqualTo(Ending.SUCCESS);
  }

  @Test
  void aRunThatDoesNotEndIsLeftToTemporalsRetries() {
    answers(RUNNING);
    workspace.on(CANCEL, "{}");

    assertThatThrownBy(() -> jobs.cancelRun(RUN)).hasMessageContaining("it is still RUNNING");
    assertThat(waiting.waited()).isLessThan(Duration.ofSeconds(30));
  }

  /** Returns these in order, then the last one for ever. */
  private void answers(String... runs) {
    List<String> list = List.of(runs);
    int[] next = {0};
    workspace.on(GET, _ -> FakeWorkspace.json(200, list.get(Math.min(next[0]++, list.size() - 1))));
  }

  private static String ended(String state, String result) {
    return """
    {"run_id": 17, "run_page_url": "https://dev.example.com/run/17",
     "state": {"life_cycle_state": "%s", %s "state_message": "as the workspace says"},
     "tasks": [{"run_id": 171, "task_key": "notebook"}]}\
    """
        .formatted(state, result.isEmpty() ? "" : "\"result_state\": \"" + result + "\",");
  }

  private static String checkedOut(String commit) {
    return """
    {"state": {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS"},
     "git_source": {"git_commit": "%s", "git_snapshot": {"used_commit": "%s"}}}\
    """
        .formatted(Orders.COMMIT, commit);
  }
}
