package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.jobs.GitSource;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.Source;
import com.databricks.sdk.service.jobs.SubmitTask;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.rights.Right;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;

/** A workspace and a repository in which tests run notebooks. */
final class NotebookWorkspace implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);
  static final String HEADER = "# Databricks notebook source\n";
  static final String CELL = "\n# COMMAND ----------\n\n";

  final LocalWorkspace workspace;
  final WorkspaceClient client;
  final GitRepository repository;

  NotebookWorkspace(Path folder) throws IOException {
    workspace =
        LocalWorkspace.start(
            LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"))
                .python(Python.executable())
                .token(Token.of("token-of-ana", "ana@example.com", EnumSet.allOf(Right.class)))
                .volume("main.default.data")
                .build());
    client = Clients.of(workspace.host(), "token-of-ana");
    repository = GitRepository.in(folder.resolve("repository"));
  }

  @Override
  public void close() {
    workspace.close();
  }

  /** The exit value of a notebook that succeeds. */
  String exitOf(String notebook, String commit) {
    RunOutput output = output(run(notebook, commit));
    assertThat(output.getError()).isNull();
    return output.getNotebookOutput().getResult();
  }

  /** The error of a notebook that fails. */
  String error(String notebook, String commit) {
    return output(run(notebook, commit)).getError();
  }

  Run run(String notebook, String commit) {
    return Clients.awaitEnd(client, submit(notebook, Map.of(), commit), LIMIT);
  }

  RunOutput output(Run run) {
    return client.jobs().getRunOutput(Clients.taskRunId(run));
  }

  /** Starts a run and returns its id. */
  long submit(String notebook, Map<String, String> values, String commit) {
    return Clients.submit(
        client,
        "trial",
        repository,
        commit,
        new SubmitTask().setTaskKey("main").setNotebookTask(task(notebook, values)));
  }

  GitSource git(String commit) {
    return Clients.git(repository, commit);
  }

  static NotebookTask task(String notebook, Map<String, String> values) {
    return new NotebookTask()
        .setNotebookPath(notebook)
        .setSource(Source.GIT)
        .setBaseParameters(values);
  }
}
