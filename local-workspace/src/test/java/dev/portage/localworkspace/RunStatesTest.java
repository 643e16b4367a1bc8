package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.ResourceDoesNotExist;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.ListRunsRequest;
import com.databricks.sdk.service.jobs.QueueSettings;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.RunLifecycleStateV2State;
import com.databricks.sdk.service.jobs.RunNow;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.RunResultState;
import com.databricks.sdk.service.jobs.RunTask;
import com.databricks.sdk.service.jobs.TaskDependency;
import com.databricks.sdk.service.jobs.TerminationCodeCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run's progress through its states, seen by Databricks' own client. */
class RunStatesTest {
  @AutoClose private final TestWorkspace test;

  RunStatesTest(@TempDir Path folder) throws IOException {
    test = TestWorkspace.in(folder);
  }

  @Test
  void aSuccessfulRunShowsSuccessInBothForms() {
    long id = test.submit(TestWorkspace.submission());
    FakeRunner.FakeTask task = test.runner.next();
    Run running = await(id, RunLifeCycleState.RUNNING);
    assertThat(running.getState().getResultState()).isNull();
    assertThat(running.getEndTime()).isZero();

    task.succeeds("{\"run_id\":\"abc\"}");

    Run run = end(id);
    assertThat(run.getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.TERMINATED);
    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
    assertThat(run.getStatus().getState()).isEqualTo(RunLifecycleStateV2State.TERMINATED);
    assertThat(run.getStatus().getTerminationDetails().getCode())
        .isEqualTo(TerminationCodeCode.SUCCESS);
    assertThat(run.getCreatorUserName()).isEqualTo("ana@example.com");
    assertThat(run.getEndTime()).isGreaterThanOrEqualTo(run.getStartTime());
    assertThat(output(run).getNotebookOutput().getResult()).isEqualTo("{\"run_id\":\"abc\"}");
  }

  @Test
  void outputBelongsToTheTaskAndNotToTheJobsRun() {
    long id = test.submit(TestWorkspace.submission());
    test.runner.next().succeeds("x");
    end(id);

    assertThatThrownBy(() -> test.client.jobs().getRunOutput(id))
        .isInstanceOf(InvalidParameterValue.class)
        .hasMessageContaining("each individual task run");
  }

  @Test
  void aFailedTaskFailsItsRun() {
    long id = test.submit(TestWorkspace.submission());
    test.runner.next().fails("ValueError: no rows");

    Run run = end(id);

    assertThat(run.getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.INTERNAL_ERROR);
    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.FAILED);
    RunTask task = run.getTasks().iterator().next();
    assertThat(task.getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.TERMINATED);
    assertThat(task.getState().getResultState()).isEqualTo(RunResultState.FAILED);
    assertThat(task.getStatus().getTerminationDetails().getCode())
        .isEqualTo(TerminationCodeCode.RUN_EXECUTION_ERROR);
    RunOutput output = output(run);
    assertThat(output.getError()).isEqualTo("ValueError: no rows");
    assertThat(output.getErrorTrace()).isEqualTo("Traceback: ValueError: no rows");
    assertThat(output.getNotebookOutput().getResult()).isNull();
  }

  @Test
  void aCancelledRunIsStoppedFirstAndEndsAfterwards() {
    long id = test.submit(TestWorkspace.submission());
    FakeRunner.FakeTask task = test.runner.next();

    test.client.jobs().cancelRun(id);
    task.awaitKill();
    assertThat(await(id, RunLifeCycleState.TERMINATING).getState().getResultState()).isNull();
    task.dies();

    Run run = end(id);
    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.CANCELED);
    assertThat(run.getState().getUserCancelledOrTimedout()).isTrue();
    assertThat(run.getStatus().getTerminationDetails().getCode())
        .isEqualTo(TerminationCodeCode.USER_CANCELED);
    test.client.jobs().cancelRun(id);
    assertThat(end(id).getState().getResultState()).isEqualTo(RunResultState.CANCELED);
  }

  @Test
  void aSlowRunIsTimedOut() {
    long id = test.submit(TestWorkspace.submission().setTimeoutSeconds(1L));
    FakeRunner.FakeTask task = test.runner.next();
    task.awaitKill();
    task.dies();

    Run run = end(id);

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.TIMEDOUT);
    assertThat(run.getState().getUserCancelledOrTimedout()).isTrue();
  }

  @Test
  void anExcessRunIsSkipped() {
    long job = job(false);
    long first = runNow(job);
    FakeRunner.FakeTask task = test.runner.next();

    Run second = end(runNow(job));

    assertThat(second.getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.SKIPPED);
    assertThat(second.getState().getResultState())
        .isEqualTo(RunResultState.MAXIMUM_CONCURRENT_RUNS_REACHED);
    assertThat(second.getStatus().getTerminationDetails().getCode())
        .isEqualTo(TerminationCodeCode.MAX_CONCURRENT_RUNS_EXCEEDED);
    assertThat(test.runner.isIdle()).isTrue();
    task.succeeds("");
    assertThat(end(first).getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
  }

  @Test
  void anExcessRunWaitsIfTheJobHasAQueue() {
    long job = job(true);
    long first = runNow(job);
    FakeRunner.FakeTask task = test.runner.next();

    long second = runNow(job);
    Run queued = await(second, RunLifeCycleState.QUEUED);
    assertThat(queued.getStatus().getQueueDetails().getMessage())
        .contains("maximum concurrent runs");
    assertThat(test.runner.isIdle()).isTrue();
    task.succeeds("");

    assertThat(end(first).getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
    test.runner.next().succeeds("");
    assertThat(end(second).getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
  }

  @Test
  void aTaskIsBlockedUntilItsPredecessorHasEnded() {
    long job = chain();
    long id = runNow(job);
    FakeRunner.FakeTask first = test.runner.next();
    assertThat(first.launch().ids().taskKey()).isEqualTo("first");
    Run run = await(id, RunLifeCycleState.RUNNING);
    assertThat(task(run, "second").getState().getLifeCycleState())
        .isEqualTo(RunLifeCycleState.BLOCKED);

    first.succeeds("");
    FakeRunner.FakeTask second = test.runner.next();
    assertThat(second.launch().ids().taskKey()).isEqualTo("second");
    second.succeeds("");

    assertThat(end(id).getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
  }

  @Test
  void tasksAfterAFailureAreSkipped() {
    long id = runNow(chain());
    test.runner.next().fails("boom");

    Run run = end(id);

    assertThat(run.getState().getStateMessage())
        .startsWith("Task first failed with message: Workload failed");
    assertThat(task(run, "second").getState().getLifeCycleState())
        .isEqualTo(RunLifeCycleState.SKIPPED);
    assertThat(task(run, "second").getState().getResultState())
        .isEqualTo(RunResultState.UPSTREAM_FAILED);
    assertThat(test.runner.isIdle()).isTrue();
  }

  @Test
  void anUnknownRunDoesNotExist() {
    assertThatThrownBy(() -> test.client.jobs().getRun(42L))
        .isInstanceOf(ResourceDoesNotExist.class)
        .hasMessageContaining("Run 42 does not exist");
  }

  @Test
  void runsAreListedByJobAndByWhetherTheyAreActive() {
    long job = job(false);
    long done = runNow(job);
    test.runner.next().succeeds("");
    end(done);
    long active = runNow(job);
    test.submit(TestWorkspace.submission());

    assertThat(runs(new ListRunsRequest().setJobId(job))).containsExactly(active, done);
    assertThat(runs(new ListRunsRequest().setJobId(job).setActiveOnly(true)))
        .containsExactly(active);
    assertThat(runs(new ListRunsRequest().setJobId(job).setLimit(1L)))
        .containsExactly(active, done);
  }

  @Test
  void aLongValueIsTruncatedAndSaysSo() {
    long id = test.submit(TestWorkspace.submission());
    test.runner.next().succeeds("é".repeat(3 * 1024 * 1024));

    RunOutput output = output(end(id));

    assertThat(output.getNotebookOutput().getTruncated()).isTrue();
    assertThat(output.getNotebookOutput().getResult()).hasSize(5 * 1024 * 1024 / 2).endsWith("é");
  }

  private List<Long> runs(ListRunsRequest request) {
    List<Long> ids = new java.util.ArrayList<>();
    test.client.jobs().listRuns(request).forEach(run -> ids.add(run.getRunId()));
    return ids;
  }

  private long job(boolean queue) {
    return test.client
        .jobs()
        .create(
            new CreateJob()
                .setName("score")
                .setGitSource(TestWorkspace.git())
                .setQueue(new QueueSettings().setEnabled(queue))
                .setTasks(List.of(TestWorkspace.task("score"))))
        .getJobId();
  }

  private long chain() {
    return test.client
        .jobs()
        .create(
            new CreateJob()
                .setName("chain")
                .setGitSource(TestWorkspace.git())
                .setTasks(
                    List.of(
                        TestWorkspace.task("first"),
                        TestWorkspace.task("second")
                            .setDependsOn(List.of(new TaskDependency().setTaskKey("first"))))))
        .getJobId();
  }

  private long runNow(long job) {
    return test.client.jobs().runNow(new RunNow().setJobId(job)).getResponse().getRunId();
  }

  private static RunTask task(Run run, String key) {
    return run.getTasks().stream()
        .filter(task -> task.getTaskKey().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private RunOutput output(Run run) {
    return test.client.jobs().getRunOutput(Clients.taskRunId(run));
  }

  private Run await(long id, RunLifeCycleState state) {
    return Clients.await(
        test.client, id, TestWorkspace.LIMIT, run -> run.getState().getLifeCycleState() == state);
  }

  private Run end(long id) {
    return Clients.awaitEnd(test.client, id, TestWorkspace.LIMIT);
  }
}
