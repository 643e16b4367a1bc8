package dev.portage.databricks;

import dev.portage.compute.ComputeSettings;
import dev.portage.http.BearerToken;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.job.Source;
import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.localworkspace.LocalWorkspaceSettings;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.pools.InstancePool;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.sql.Warehouse;
import dev.portage.mlflow.RealMlflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A real local workspace, a real Git repository, and Portage's clients for them. */
final class LocalWorld implements AutoCloseable {
  static final String POOL = "ml-small";

  private final OutboundHttp wayOut = OutboundHttp.open(NetworkSettings.direct());
  private final Path repository;
  final LocalWorkspace workspace;
  private ComputeSettings compute = ComputeSettings.ofPool(POOL);
  private String token = "token-of-ana";

  LocalWorld(Path folder) throws IOException, InterruptedException {
    repository = Files.createDirectories(folder.resolve("repository"));
    git("init", "--quiet", "--initial-branch=main");
    workspace =
        LocalWorkspace.start(
            LocalWorkspaceSettings.named("dev", "4711", folder.resolve("state"))
                .python(RealMlflow.python())
                .token(Token.of("token-of-ana", "ana@example.com", EnumSet.allOf(Right.class)))
                .token(Token.of("token-of-ben", "ben@example.com", EnumSet.of(Right.JOBS_VIEW)))
                .pool(new InstancePool(POOL, "pool-1", "Standard_DS3_v2"))
                .warehouse(new Warehouse("portage", "w1"))
                .build());
  }

  LocalWorld compute(ComputeSettings compute) {
    this.compute = compute;
    return this;
  }

  LocalWorld token(String token) {
    this.token = token;
    return this;
  }

  DatabricksClients clients() {
    return new DatabricksClients(
        name ->
            new DatabricksWorkspace(
                name,
                workspace.host(),
                new BearerToken("env:DEV_TOKEN", () -> token),
                Map.of(ComputeSettings.DEFAULT, compute),
                null),
        wayOut.rest());
  }

  /** Commits files and returns where to fetch them. */
  Source commit(Map<String, String> files) throws IOException, InterruptedException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = repository.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.writeString(path, file.getValue());
    }
    git("add", "--all");
    git(
        "-c",
        "user.name=Ana",
        "-c",
        "user.email=ana@example.com",
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--quiet",
        "-m",
        "work");
    return new Source(
        repository.toUri().toString(), "gitHub", git("rev-parse", "HEAD").strip(), "");
  }

  /** How many calls of that kind the workspace received. */
  long calls(String path) {
    return workspace.calls().all().stream().filter(call -> call.path().equals(path)).count();
  }

  private String git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(repository.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  @Override
  public void close() {
    workspace.close();
    wayOut.close();
  }
}
