package dev.portage.localworkspace;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.jobs.GitProvider;
import com.databricks.sdk.service.jobs.GitSource;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.Source;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.jobs.Task;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.git.Checkouts;
import dev.portage.localworkspace.pools.InstancePool;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.sql.Warehouse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A workspace whose tasks the test ends by hand, with one caller who may do everything and one who
 * may only read.
 */
final class TestWorkspace implements AutoCloseable {
  static final String COMMIT = "0123456789012345678901234567890123456789";
  static final String ALL = "token-of-ana";
  static final String VIEWER = "token-of-vera";
  static final Duration LIMIT = Duration.ofSeconds(10);

  final FakeRunner runner = new FakeRunner();
  final LocalWorkspace workspace;
  final WorkspaceClient client;
  private final HttpClient http = HttpClient.newHttpClient();

  private TestWorkspace(
      Path folder, @Nullable URI mlflow, UnaryOperator<LocalWorkspaceSettings.Builder> more)
      throws IOException {
    LocalWorkspaceSettings.Builder settings =
        LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"))
            .token(Token.of(ALL, "ana@example.com", EnumSet.allOf(Right.class)))
            .token(
                Token.of(
                    VIEWER, "vera@example.com", EnumSet.of(Right.JOBS_VIEW, Right.REGISTRY_READ)))
            .pool(new InstancePool("ml-small", "pool-1", "Standard_D4ds_v5"))
            .warehouse(new Warehouse("starter", "warehouse-1"))
            .volume("main.default.data");
    if (mlflow != null) {
      settings.mlflow(mlflow);
    }
    workspace = LocalWorkspace.start(more.apply(settings).build(), runner, Checkouts.empty());
    client = Clients.of(workspace.host(), ALL);
  }

  static TestWorkspace in(Path folder) throws IOException {
    return new TestWorkspace(folder, null, UnaryOperator.identity());
  }

  static TestWorkspace before(URI mlflow, Path folder) throws IOException {
    return new TestWorkspace(folder, mlflow, UnaryOperator.identity());
  }

  static TestWorkspace with(
      Path folder, @Nullable URI mlflow, UnaryOperator<LocalWorkspaceSettings.Builder> more)
      throws IOException {
    return new TestWorkspace(folder, mlflow, more);
  }

  /** Sends a raw call, without a client. */
  HttpResponse<String> send(String method, String path, @Nullable String token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(workspace.host() + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  static GitSource git() {
    return new GitSource()
        .setGitUrl("https://git.example.com/ml/diabetes")
        .setGitProvider(GitProvider.GIT_HUB)
        .setGitCommit(COMMIT);
  }

  static NotebookTask notebook() {
    return new NotebookTask().setNotebookPath("notebooks/train").setSource(Source.GIT);
  }

  static Task task(String key) {
    return new Task().setTaskKey(key).setNotebookTask(notebook());
  }

  static SubmitRun submission() {
    return new SubmitRun()
        .setRunName("train diabetes")
        .setGitSource(git())
        .setTasks(
            List.of(
                new SubmitTask()
                    .setTaskKey("train")
                    .setNotebookTask(notebook().setBaseParameters(Map.of("alpha", "0.1")))));
  }

  long submit(SubmitRun run) {
    return client.jobs().submit(run).getResponse().getRunId();
  }

  @Override
  public void close() {
    http.close();
    runner.endAll();
    workspace.close();
  }
}
