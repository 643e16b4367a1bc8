package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.failure.FailureKind;
import dev.portage.job.RunResult;
import dev.portage.job.RunResult.Ending;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a run is awaited, and which end it has. */
class RunWatchTest extends WatchedRun {
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
  @Tag("S3.11")
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
    "CLUSTER_ERROR, CLIENT_ERROR, FAILED, TERMINATED/FAILED: said",
    "CLUSTER_ERROR, CLOUD_FAILURE, PLATFORM, INTERNAL_ERROR/FAILED: said",
    "LIBRARY_INSTALLATION_ERROR, CLIENT_ERROR, FAILED, TERMINATED/FAILED: said",
    "USER_CANCELED, CLIENT_ERROR, CANCELLED, TERMINATED/CANCELED: said",
    "MAX_CONCURRENT_RUNS_EXCEEDED, CLIENT_ERROR, NOT_RUN, SKIPPED: said",
    "CLOUD_FAILURE, CLOUD_FAILURE, PLATFORM, INTERNAL_ERROR/FAILED: said",
    "A_CODE_OF_TOMORROW, INTERNAL_ERROR, PLATFORM, INTERNAL_ERROR/FAILED: said"
  })
  @Tag("S3.11")
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
}
