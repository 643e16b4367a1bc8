package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.RunResultState;
import dev.portage.localworkspace.jobs.RunEffect;
import dev.portage.localworkspace.jobs.RunFault;
import dev.portage.localworkspace.jobs.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results and states on request. */
class RunFaultsTest {
  @AutoClose private final TestWorkspace test;

  RunFaultsTest(@TempDir Path folder) throws IOException {
    test = TestWorkspace.in(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "FAILED, TERMINATED",
    "TIMEDOUT, TERMINATED",
    "CANCELED, TERMINATED",
    "MAXIMUM_CONCURRENT_RUNS_REACHED, SKIPPED",
    "EXCLUDED, SKIPPED",
    "UPSTREAM_FAILED, SKIPPED",
    "UPSTREAM_CANCELED, SKIPPED",
    "SUCCESS_WITH_FAILURES, TERMINATED",
    "SUCCESS, TERMINATED",
  })
  void aRunEndsAsConfiguredWithoutRunningItsCode(RunResult result, RunLifeCycleState lifeCycle) {
    test.workspace.runFaults().add(RunFault.once("train*", RunEffect.Ends.with(result)));

    Run run = run();

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.valueOf(result.name()));
    assertThat(run.getState().getLifeCycleState()).isEqualTo(lifeCycle);
    assertThat(test.runner.isIdle()).isTrue();
  }

  @Test
  void losingTheMachineIsAnInternalError() {
    test.workspace.runFaults().add(RunFault.once("*", RunEffect.Ends.internalError()));

    assertThat(run().getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.INTERNAL_ERROR);
  }

  @Test
  void aSkippedRunHasNoResult() {
    test.workspace.runFaults().add(RunFault.once("*", RunEffect.Ends.skipped()));

    Run run = run();

    assertThat(run.getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.SKIPPED);
    assertThat(run.getState().getResultState()).isNull();
  }

  @Test
  void aFaultStrikesOnlyItsRunsAndThenExpires() {
    test.workspace.runFaults().add(RunFault.once("train*", RunEffect.Ends.with(RunResult.FAILED)));

    long other = test.submit(TestWorkspace.submission().setRunName("score"));
    test.runner.next().succeeds("");
    assertThat(run().getState().getResultState()).isEqualTo(RunResultState.FAILED);
    long next = test.submit(TestWorkspace.submission());
    test.runner.next().succeeds("");

    assertThat(end(other).getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
    assertThat(end(next).getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
  }

  @Test
  void aDelayedRunIsPendingAndCanBeCancelled() {
    test.workspace
        .runFaults()
        .add(RunFault.once("*", new RunEffect.StartsLate(Duration.ofMinutes(10))));

    long id = test.submit(TestWorkspace.submission());

    assertThat(test.client.jobs().getRun(id).getState().getLifeCycleState())
        .isEqualTo(RunLifeCycleState.PENDING);
    test.client.jobs().cancelRun(id);
    assertThat(end(id).getState().getResultState()).isEqualTo(RunResultState.CANCELED);
    assertThat(test.runner.isIdle()).isTrue();
  }

  @Test
  void anUnknownStateIsNullToClientsWhileTheRunContinues() {
    test.workspace
        .runFaults()
        .add(RunFault.once("*", new RunEffect.Shows("HIBERNATING", Duration.ofSeconds(2))));

    long id = test.submit(TestWorkspace.submission());

    Run run = test.client.jobs().getRun(id);
    assertThat(run.getState()).isNotNull();
    assertThat(run.getState().getLifeCycleState()).isNull();
    test.runner.next().succeeds("");
    assertThat(end(id).getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
  }

  @Test
  void aRunMayHaveNoState() {
    test.workspace
        .runFaults()
        .add(RunFault.once("*", new RunEffect.Shows(null, Duration.ofSeconds(2))));

    long id = test.submit(TestWorkspace.submission());

    assertThat(test.client.jobs().getRun(id).getState()).isNull();
    assertThat(test.client.jobs().getRun(id).getStatus()).isNull();
    test.runner.next().succeeds("");
    assertThat(end(id).getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
  }

  private Run run() {
    return end(test.submit(TestWorkspace.submission()));
  }

  private Run end(long id) {
    return Clients.awaitEnd(test.client, id, TestWorkspace.LIMIT);
  }
}
