package dev.portage.localworkspace;

import dev.portage.localworkspace.artifacts.ArtifactApi;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.artifacts.Tracking;
import dev.portage.localworkspace.blobs.BlobGate;
import dev.portage.localworkspace.blobs.BlobStore;
import dev.portage.localworkspace.blobs.BlobStores;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.calls.CallLog;
import dev.portage.localworkspace.endpoints.EndpointsApi;
import dev.portage.localworkspace.endpoints.ServedModels;
import dev.portage.localworkspace.faults.FaultBook;
import dev.portage.localworkspace.faults.ServingFaults;
import dev.portage.localworkspace.files.FilePlaces;
import dev.portage.localworkspace.files.FilesApi;
import dev.portage.localworkspace.files.Volumes;
import dev.portage.localworkspace.git.Checkouts;
import dev.portage.localworkspace.git.GitCheckouts;
import dev.portage.localworkspace.jobs.Home;
import dev.portage.localworkspace.jobs.JobsApi;
import dev.portage.localworkspace.jobs.RunFaults;
import dev.portage.localworkspace.jobs.TaskRunner;
import dev.portage.localworkspace.models.ModelsApi;
import dev.portage.localworkspace.notebooks.PythonHome;
import dev.portage.localworkspace.notebooks.PythonTaskRunner;
import dev.portage.localworkspace.objects.WorkspaceApi;
import dev.portage.localworkspace.objects.WorkspaceTree;
import dev.portage.localworkspace.pools.Compute;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Loopback;
import dev.portage.localworkspace.registry.MlflowProxy;
import dev.portage.localworkspace.rights.Caller;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.rights.TokenBook;
import dev.portage.localworkspace.secrets.ClusterSecrets;
import dev.portage.localworkspace.secrets.SecretScopes;
import dev.portage.localworkspace.secrets.SecretsApi;
import dev.portage.localworkspace.serving.Deployment;
import dev.portage.localworkspace.serving.ModelServers;
import dev.portage.localworkspace.serving.PythonModelServers;
import dev.portage.localworkspace.sql.SqlApi;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running workspace. It listens on loopback only. Jobs, runs, idempotency tokens and serving
 * endpoints are on disk, as are tables, volumes and everything in MLflow.
 */
public final class LocalWorkspace implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalWorkspace.class);
  private static final String OBJECTS = "objects";

  private final LocalWorkspaceSettings settings;
  private final CompletableFuture<URI> host = new CompletableFuture<>();
  private final TokenBook tokens = new TokenBook();
  private final FaultBook faults = new FaultBook();
  private final RunFaults runFaults = new RunFaults();
  private final ServingFaults servingFaults = new ServingFaults();
  private final CallLog calls = new CallLog();
  private final HttpClient modelClient =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final JobsApi jobs;
  private final EndpointsApi endpoints;
  private final SqlApi sql;
  private final MlflowProxy registry;
  private final Tracking tracking;
  private final BlobGate gate;
  private final Javalin server;

  /** What runs tasks and serves models, once the workspace's own parts are known. */
  @FunctionalInterface
  private interface RunnersMaker {
    Runners make(TokenBook tokens, Home home) throws IOException;
  }

  private record Runners(TaskRunner tasks, ModelServers models) {}

  /**
   * Starts a workspace that checks out with git and runs notebooks in Python.
   *
   * @throws IOException when its folders can't be made
   */
  public static LocalWorkspace start(LocalWorkspaceSettings settings) throws IOException {
    Path python = settings.python();
    RunnersMaker runners =
        (tokens, home) ->
            python == null
                ? new Runners(LocalWorkspace::noPython, LocalWorkspace::noServers)
                : python(settings, python, tokens, home);
    return new LocalWorkspace(settings, runners, new GitCheckouts(settings.dir().resolve("git")));
  }

  /**
   * Starts a workspace with another way to run tasks, as tests have.
   *
   * @throws IOException when its folders can't be made
   */
  public static LocalWorkspace start(
      LocalWorkspaceSettings settings, TaskRunner runner, Checkouts checkouts) throws IOException {
    return start(settings, runner, LocalWorkspace::noServers, checkouts);
  }

  /**
   * Starts a workspace with another way to run tasks and to serve models, as tests have.
   *
   * @throws IOException when its folders can't be made
   */
  public static LocalWorkspace start(
      LocalWorkspaceSettings settings, TaskRunner runner, ModelServers models, Checkouts checkouts)
      throws IOException {
    return new LocalWorkspace(settings, (tokens, home) -> new Runners(runner, models), checkouts);
  }

  private LocalWorkspace(LocalWorkspaceSettings settings, RunnersMaker maker, Checkouts checkouts)
      throws IOException {
    this.settings = settings;
    Path dir = Files.createDirectories(settings.dir());
    Path tables = Files.createDirectories(settings.tables());
    InstantSource clock = InstantSource.system();
    settings.tokens().forEach(t -> tokens.add(t.sha256(), new Caller(t.user(), t.rights())));
    SecretScopes secrets = secrets(settings);
    Compute compute = new Compute(settings.pools(), settings.policies());
    tracking = new Tracking(settings.mlflow());
    Home home = new Home(host::join, settings.workspaceId());
    Runners runners = maker.make(tokens, home);
    jobs =
        new JobsApi(
            compute,
            new JobsApi.Tasks(runners.tasks(), new ClusterSecrets(secrets), checkouts, runFaults),
            home,
            dir,
            clock,
            tracking::answers);
    sql =
        SqlApi.onDelta(
            settings.warehouses(),
            settings.python(),
            dir.resolve("scripts"),
            tables,
            dir.resolve("sql"));
    gate = new BlobGate(faults, calls, clock);
    ArtifactSettings kept = settings.artifacts();
    Duration urlLife = kept == null ? Duration.ofHours(1) : kept.urlLife();
    BlobStore store =
        kept == null ? null : BlobStores.open(gate, kept.store(), dir.resolve("blobs"), urlLife);
    WorkspaceTree tree =
        new WorkspaceTree(
            dir.resolve(OBJECTS),
            settings.tokens().stream().map(LocalWorkspaceSettings.Token::user).toList());
    registry =
        new MlflowProxy(
            settings.mlflow(),
            store == null ? UnaryOperator.identity() : ArtifactApi::shown,
            tree::requireFolderOf);
    List<FilePlaces> places = new ArrayList<>();
    places.add(new Volumes(dir.resolve("volumes"), settings.volumes()));
    ModelsApi models =
        settings.models() == null
            ? null
            : new ModelsApi(settings.models(), dir.resolve("models"), tracking, urlLife);
    if (models != null) {
      places.add(models.places());
    }
    endpoints =
        new EndpointsApi(
            new Deployment.Shared(
                runners.models(), servingFaults, settings.serving(), modelClient, clock),
            new ServedModels(models, tracking),
            new ClusterSecrets(secrets),
            dir.resolve("endpoints"));
    FilesApi files = new FilesApi(places, dir.resolve("arriving"), gate, urlLife);
    server =
        Javalin.create(config -> {
          Loopback.configure(config, settings.port());
          ApiRoutes api =
              new ApiRoutes(config.routes, tokens, faults, calls, settings.workspaceId(), clock);
          jobs.addTo(api);
          compute.addTo(api);
          sql.addTo(api);
          endpoints.addTo(api);
          files.addTo(api);
          new SecretsApi(secrets).addTo(api);
          new WorkspaceApi(tree, tracking::experiment).addTo(api);
          if (kept != null && store != null) {
            new ArtifactApi(tracking, store, kept.pageSize()).addTo(api);
          }
          if (models != null) {
            models.addTo(api);
          }
          ModelsApi.refuseOthers(api);
          registry.addTo(api);
          CurrentUser.addTo(api);
          jobs.addPageTo(config.routes);
          config.routes.error(404, this::noSuchApi);
        });
    server.start();
    host.complete(URI.create("http://" + Loopback.ADDRESS + ":" + server.port()));
    endpoints.goOn();
    log.info("Workspace {} is listening on {}", settings.name(), host());
  }

  private static SecretScopes secrets(LocalWorkspaceSettings settings) {
    Set<String> users = new HashSet<>();
    Set<String> admins = new HashSet<>();
    for (LocalWorkspaceSettings.Token token : settings.tokens()) {
      users.add(token.user());
      if (token.rights().contains(Right.JOBS_ALL)) {
        admins.add(token.user());
      }
    }
    return new SecretScopes(settings.dir().resolve("secrets"), users, admins);
  }

  private static Runners python(
      LocalWorkspaceSettings settings, Path executable, TokenBook tokens, Home home)
      throws IOException {
    PythonHome python = new PythonHome(executable, settings.dir().resolve("scripts"));
    return new Runners(
        new PythonTaskRunner(
            python,
            tokens,
            home,
            new PythonTaskRunner.Folders(
                settings.tables(),
                settings.dir().resolve("volumes"),
                settings.dir().resolve(OBJECTS)),
            settings.spark()),
        new PythonModelServers(
            python,
            settings.dir().resolve("serving"),
            tokens,
            new PythonModelServers.Registry(home.host(), settings.artifacts() != null)));
  }

  private static TaskRunner.Execution noPython(Object launch) throws IOException {
    throw new IOException("this workspace has no Python to run notebooks");
  }

  private static ModelServers.ModelServer noServers(Object order, Object logs) throws IOException {
    throw new IOException("this workspace has no Python to serve models");
  }

  private void noSuchApi(Context context) {
    String path = context.req().getRequestURI();
    boolean answered = context.res().getHeader("x-databricks-org-id") != null;
    if (answered || path.startsWith("/jobs/")) {
      return;
    }
    String method = context.req().getMethod();
    context
        .contentType("application/json")
        .result(
            Json.bytes(
                Json.object()
                    .put("error_code", "ENDPOINT_NOT_FOUND")
                    .put("message", "No API found for '" + method + " " + path + "'")));
    context.header("x-databricks-org-id", settings.workspaceId());
  }

  /** Where clients reach it, such as {@code http://127.0.0.1:41234}. */
  public URI host() {
    return host.join();
  }

  /** The faults waiting for calls. */
  public FaultBook faults() {
    return faults;
  }

  /** The faults waiting for runs. */
  public RunFaults runFaults() {
    return runFaults;
  }

  /** The faults waiting for served models. */
  public ServingFaults servingFaults() {
    return servingFaults;
  }

  /** The serving endpoints, for what has no public call. */
  public EndpointsApi endpoints() {
    return endpoints;
  }

  /** Ends every signed URL that was given out, before its time. */
  public void expireSignedUrls() {
    gate.expireAll();
  }

  /** The calls that came in. */
  public CallLog calls() {
    return calls;
  }

  /** Stops all runs and models with their processes, then the server. */
  @Override
  public void close() {
    jobs.close();
    endpoints.close();
    sql.close();
    server.stop();
    gate.close();
    registry.close();
    tracking.close();
    modelClient.shutdownNow();
    log.info("Workspace {} stopped", settings.name());
  }

  /** For messages: never a token. */
  @Override
  public String toString() {
    @Nullable URI at = host.getNow(null);
    return "LocalWorkspace " + settings.name() + (at == null ? "" : " at " + at);
  }
}
