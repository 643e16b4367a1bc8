package dev.portage.localworkspace.conformance;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.jobs.GitProvider;
import com.databricks.sdk.service.jobs.GitSource;
import dev.portage.localworkspace.Clients;
import dev.portage.localworkspace.GitRepository;
import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.localworkspace.LocalWorkspaceSettings;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.MlflowServer;
import dev.portage.localworkspace.Python;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.models.ModelSettings;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.sql.Warehouse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A local workspace with real Python. */
final class LocalUnderTest implements WorkspaceUnderTest {
  private final MlflowServer mlflow;
  private final LocalWorkspace workspace;
  private final WorkspaceClient client;
  private final GitSource code;

  LocalUnderTest(Path folder) throws IOException, InterruptedException {
    mlflow = MlflowServer.startWithoutArtifacts(folder.resolve("mlflow"));
    workspace =
        LocalWorkspace.start(
            LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"))
                .python(Python.executable())
                .mlflow(mlflow.url())
                .artifacts(ArtifactSettings.in(new BlobSettings.Adls("mlflow")))
                .models(new ModelSettings(Set.of("main.ml"), ModelSettings.Storage.FILES))
                .volume("main.default.data")
                .warehouse(new Warehouse("starter", "warehouse-1"))
                .token(Token.of("token-of-ana", "ana@example.com", EnumSet.allOf(Right.class)))
                .build());
    client = Clients.of(workspace.host(), "token-of-ana");
    Map<String, String> notebooks = new HashMap<>();
    for (String name : new String[] {"succeeds", "fails", "sleeps"}) {
      String file = "notebooks/" + name + ".py";
      try (InputStream in = LocalUnderTest.class.getResourceAsStream("/conformance/" + file)) {
        if (in == null) {
          throw new IOException("No " + file + " among the test resources");
        }
        notebooks.put(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    GitRepository repository = GitRepository.in(folder.resolve("repository"));
    code =
        new GitSource()
            .setGitUrl(repository.url())
            .setGitProvider(GitProvider.GIT_HUB)
            .setGitCommit(repository.commit(notebooks));
  }

  @Override
  public URI host() {
    return workspace.host();
  }

  @Override
  public WorkspaceClient client() {
    return client;
  }

  @Override
  public GitSource code() {
    return code;
  }

  @Override
  public String notebook(String name) {
    return "notebooks/" + name;
  }

  @Override
  public @Nullable String warehouse() {
    return "warehouse-1";
  }

  @Override
  public String schema() {
    return "main.ml";
  }

  @Override
  public String volume() {
    return "main.default.data";
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(60);
  }

  @Override
  public void close() {
    workspace.close();
    mlflow.close();
  }
}
