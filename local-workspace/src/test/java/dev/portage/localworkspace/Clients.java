package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.service.jobs.GetRunRequest;
import com.databricks.sdk.service.jobs.GitProvider;
import com.databricks.sdk.service.jobs.GitSource;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Databricks' own client, unchanged but with retries off, so that each answer is seen. */
public final class Clients {
  private static final Set<RunLifeCycleState> TERMINAL =
      Set.of(
          RunLifeCycleState.TERMINATED,
          RunLifeCycleState.SKIPPED,
          RunLifeCycleState.INTERNAL_ERROR);

  private Clients() {}

  /** A client with a token. */
  public static WorkspaceClient of(URI host, String token) {
    return new WorkspaceClient(
        new DatabricksConfig()
            .setHost(host.toString())
            .setToken(token)
            .setAuthType("pat")
            .setDisableRetries(true));
  }

  /** The Git source of a run. */
  static GitSource git(GitRepository repository, String commit) {
    return new GitSource()
        .setGitUrl(repository.url())
        .setGitProvider(GitProvider.GIT_HUB)
        .setGitCommit(commit);
  }

  /**
   * Starts a run of one task on a commit.
   *
   * @return the run's id
   */
  static long submit(
      WorkspaceClient client,
      String name,
      GitRepository repository,
      String commit,
      SubmitTask task) {
    return client
        .jobs()
        .submit(
            new SubmitRun()
                .setRunName(name)
                .setGitSource(git(repository, commit))
                .setTasks(List.of(task)))
        .getResponse()
        .getRunId();
  }

  /** Waits until a run meets a condition. */
  public static Run await(
      WorkspaceClient client, long runId, Duration limit, Predicate<Run> wanted) {
    Instant until = Instant.now().plus(limit);
    Run run = client.jobs().getRun(new GetRunRequest().setRunId(runId));
    while (!wanted.test(run)) {
      assertThat(Instant.now())
          .as("run %s after %s: %s", runId, limit, run.getState())
          .isBefore(until);
      pause();
      run = client.jobs().getRun(new GetRunRequest().setRunId(runId));
    }
    return run;
  }

  /** Waits until a run has ended. */
  public static Run awaitEnd(WorkspaceClient client, long runId, Duration limit) {
    return await(client, runId, limit, Clients::ended);
  }

  /** Whether the state is final. */
  public static boolean ended(Run run) {
    // The client maps an unknown state to null, so it means nothing.
    RunLifeCycleState state = run.getState() == null ? null : run.getState().getLifeCycleState();
    return state != null && TERMINAL.contains(state);
  }

  /** The id of a run's only task run. */
  public static long taskRunId(Run run) {
    assertThat(run.getTasks()).hasSize(1);
    return run.getTasks().iterator().next().getRunId();
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
