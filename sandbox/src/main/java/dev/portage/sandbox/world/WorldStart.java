package dev.portage.sandbox.world;

import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.sandbox.SandboxException;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.process.LogTail;
import dev.portage.sandbox.process.MlflowServerProcess;
import dev.portage.sandbox.process.Ports;
import dev.portage.sandbox.temporal.DevTemporal;
import dev.portage.sandbox.temporal.InJvmTemporal;
import dev.portage.sandbox.temporal.TemporalCli;
import dev.portage.sandbox.temporal.TemporalServer;
import dev.portage.temporal.WebUi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts the parts of a world, in parallel unless one needs another. */
final class WorldStart {
  /** Servers of a sandbox that was killed end within this time; its description is still there. */
  private static final Duration OTHERS_END = Duration.ofSeconds(12);

  private final WorldFolder folder;
  private final WorldSettings settings;
  private final Consumer<String> progress;
  private final Parts parts;
  private final Keeper keeper;
  private final LocalWorkspaces local;
  private final Map<String, Integer> before;
  private final Map<String, Integer> ports;
  private final Map<String, URI> hosts = new LinkedHashMap<>();
  private final SandboxPlatform platform;

  WorldStart(
      WorldFolder folder,
      WorldSettings settings,
      Consumer<String> progress,
      Parts parts,
      Keeper keeper,
      @Nullable Path spark)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.progress = progress;
    this.parts = parts;
    this.keeper = keeper;
    this.local = new LocalWorkspaces(folder, keeper.python(), spark, settings.startLimit());
    List<String> names = new ArrayList<>(List.of("temporal", "temporal-ui"));
    for (String workspace : World.WORKSPACES) {
      names.addAll(List.of(workspace + "-mlflow", workspace + "-workspace", workspace + "-worker"));
    }
    Path known = folder.state().resolve("ports.properties");
    this.before = Ports.known(known);
    this.ports =
        Ports.take(known, names, Files.exists(folder.description()) ? OTHERS_END : Duration.ZERO);
    this.platform = new SandboxPlatform(folder.platformFile());
  }

  /**
   * Starts everything.
   *
   * @param restarted called when a server runs as another process than before
   * @throws CompletionException with the first failure; whatever is still starting is abandoned
   */
  RunningParts run(Runnable restarted) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        return run(threads, restarted);
      } catch (RuntimeException | IOException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private RunningParts run(ExecutorService threads, Runnable restarted) throws IOException {
    Map<String, CompletableFuture<MlflowServerProcess>> mlflow = new LinkedHashMap<>();
    Map<String, LocalWorkspace> workspaces = new LinkedHashMap<>();
    Map<String, CompletableFuture<WorkerProcess>> workers = new LinkedHashMap<>();
    CompletableFuture<TemporalServer> temporal = begin(threads, () -> temporal(restarted));
    for (String name : World.WORKSPACES) {
      mlflow.put(name, begin(threads, () -> mlflow(name, restarted)));
    }
    for (String name : World.WORKSPACES) {
      workspaces.put(name, workspace(name));
    }
    Map<String, List<String>> names = preparePlatformFile();
    for (String name : World.WORKSPACES) {
      workers.put(
          name,
          temporal.thenApplyAsync(
              server ->
                  unchecked(
                      () -> worker(name, names.getOrDefault(name, List.of()), server, restarted)),
              threads));
    }
    List<CompletableFuture<?>> all = new ArrayList<>(mlflow.values());
    all.addAll(workers.values());
    firstFailureOrAll(all).join();
    return new RunningParts(
        temporal.join(), joined(mlflow), workspaces, hosts, addresses(), joined(workers));
  }

  private MlflowServerProcess mlflow(String name, Runnable restarted) throws IOException {
    long begun = System.nanoTime();
    MlflowServerProcess server =
        parts.add(
            Parts.Kind.MLFLOW,
            MlflowServerProcess.start(
                keeper,
                name,
                folder.workspace(name).resolve("mlflow"),
                port(name + "-mlflow"),
                folder.log("mlflow-" + name),
                MlflowServerProcess.Artifacts.SERVED,
                line -> {
                  progress.accept(line);
                  restarted.run();
                }));
    report("MLflow of " + name + " on " + server.uri(), begun);
    return server;
  }

  private TemporalServer temporal(Runnable restarted) throws IOException {
    long begun = System.nanoTime();
    Optional<Path> cli =
        TemporalCli.find(folder.root().resolve(".portage"), settings.environment(), progress);
    TemporalServer server =
        cli.isPresent()
            ? DevTemporal.start(
                keeper,
                cli.get(),
                folder.state().resolve("temporal"),
                new DevTemporal.Doors(port("temporal"), port("temporal-ui")),
                start -> LogTail.ofStart(folder.log("temporal"), start),
                line -> {
                  progress.accept(line);
                  restarted.run();
                })
            : InJvmTemporal.start(port("temporal"));
    parts.add(Parts.Kind.TEMPORAL, server);
    report(server.says(), begun);
    return server;
  }

  private LocalWorkspace workspace(String name) throws IOException {
    LocalWorkspace workspace =
        parts.add(
            Parts.Kind.WORKSPACE,
            local.start(
                name,
                World.WORKSPACES.indexOf(name) + 1,
                port(name + "-workspace"),
                mlflowAddress(name)));
    hosts.put(name, settings.front().before(name, workspace.host()));
    return workspace;
  }

  private WorkerProcess worker(
      String name, List<String> served, TemporalServer temporal, Runnable restarted)
      throws IOException {
    long begun = System.nanoTime();
    Path home = Files.createDirectories(folder.worker(name));
    // Of sandboxes as they were before, whose workers had a copy each.
    Files.deleteIfExists(home.resolve("portage.yaml"));
    give(LocalWorkspaces.token(folder, name), home.resolve(name + ".token"));
    // The login for copies may only read. Its own is there too: the file may have several
    // environments in one workspace.
    for (String source : World.WORKSPACES.subList(0, World.WORKSPACES.indexOf(name) + 1)) {
      give(local.readerToken(source), home.resolve(source + "-reader.token"));
    }
    WorkerProcess worker =
        parts.add(
            Parts.Kind.WORKER,
            WorkerProcess.start(
                name,
                served,
                new WorkerProcess.Launch(
                    keeper,
                    names ->
                        WorkerCommandLine.of(
                            names,
                            folder.platformFile(),
                            port(name + "-worker"),
                            settings.workerOptions()),
                    environment(temporal),
                    home,
                    start -> LogTail.ofStart(folder.log("worker-" + name), start),
                    port(name + "-worker")),
                progress,
                restarted));
    report("worker of " + name + ", process " + worker.pid(), begun);
    return worker;
  }

  private static Map<String, String> environment(TemporalServer temporal) {
    Map<String, String> environment = new HashMap<>();
    environment.put("TEMPORAL_ADDRESS", temporal.address());
    environment.put("TEMPORAL_NAMESPACE", TemporalServer.NAMESPACE);
    temporal.ui().ifPresent(ui -> environment.put(WebUi.VARIABLE, ui.toString()));
    return Map.copyOf(environment);
  }

  /**
   * Names of each workspace in the platform file.
   *
   * @throws SandboxException when a person has made it unusable
   */
  private Map<String, List<String>> preparePlatformFile() throws IOException {
    Map<String, URI> pages = new LinkedHashMap<>();
    for (String name : World.WORKSPACES) {
      pages.put(name, mlflowAddress(name));
    }
    platform.prepare(PlatformFileText.of(hosts, pages), moved(), progress);
    Map<String, List<String>> names = SandboxPlatform.names(platform.readable(), addresses());
    names.forEach((name, known) -> {
      if (known.isEmpty()) {
        throw new SandboxException(
            folder.platformFile()
                + " has no workspace with host: "
                + hosts.get(name)
                + ", which is the sandbox's "
                + name
                + "; add one, or delete the file and the sandbox writes a new one");
      }
    });
    return names;
  }

  /** Addresses of each workspace, by the sandbox's own name for it. */
  Map<String, List<URI>> addresses() {
    Map<String, List<URI>> addresses = new LinkedHashMap<>();
    hosts.forEach((name, host) -> addresses.put(name, List.of(host, mlflowAddress(name))));
    return addresses;
  }

  /** New addresses by old ones, of what had to take another port than at the last start. */
  private Map<String, String> moved() {
    Map<String, String> moved = new LinkedHashMap<>();
    before.forEach((name, old) -> {
      int now = port(name);
      if (now != 0 && now != old) {
        moved.put("http://127.0.0.1:" + old, "http://127.0.0.1:" + now);
      }
    });
    return moved;
  }

  private URI mlflowAddress(String name) {
    return URI.create("http://127.0.0.1:" + port(name + "-mlflow"));
  }

  private int port(String name) {
    return ports.getOrDefault(name, 0);
  }

  private static void give(Path secret, Path copy) throws IOException {
    Files.copy(
        secret, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private void report(String what, long begun) {
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    progress.accept(String.format(Locale.ROOT, "%s (%.1f s)", what, took.toMillis() / 1000.0));
  }

  private static CompletableFuture<?> firstFailureOrAll(List<CompletableFuture<?>> all) {
    CompletableFuture<Object> failure = new CompletableFuture<>();
    for (CompletableFuture<?> one : all) {
      var _ =
          one.whenComplete((_, e) -> {
            if (e != null) {
              failure.completeExceptionally(e);
            }
          });
    }
    return CompletableFuture.anyOf(
        failure, CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)));
  }

  private static <T> Map<String, T> joined(Map<String, CompletableFuture<T>> futures) {
    Map<String, T> values = new LinkedHashMap<>();
    futures.forEach((name, future) -> values.put(name, future.join()));
    return values;
  }

  private static <T> CompletableFuture<T> begin(ExecutorService threads, Callable<T> start) {
    return CompletableFuture.supplyAsync(() -> unchecked(start), threads);
  }

  private static <T> T unchecked(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }
}
