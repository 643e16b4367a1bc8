package dev.portage.sandbox.world;

import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.process.MlflowServerProcess;
import dev.portage.sandbox.process.Ports;
import dev.portage.sandbox.temporal.DevTemporal;
import dev.portage.sandbox.temporal.InJvmTemporal;
import dev.portage.sandbox.temporal.TemporalCli;
import dev.portage.sandbox.temporal.TemporalServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
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
  private final WorldFolder folder;
  private final WorldSettings settings;
  private final Consumer<String> progress;
  private final Parts parts;
  private final Keeper keeper;
  private final LocalWorkspaces local;
  private final Map<String, Integer> ports;
  private final Map<String, URI> hosts = new LinkedHashMap<>();

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
    this.local = new LocalWorkspaces(folder, keeper.python(), spark);
    List<String> names = new ArrayList<>(List.of("temporal", "temporal-ui"));
    for (String workspace : World.WORKSPACES) {
      names.addAll(List.of(workspace + "-mlflow", workspace + "-workspace", workspace + "-worker"));
    }
    this.ports = Ports.take(folder.state().resolve("ports.properties"), names);
  }

  /**
   * Starts everything.
   *
   * @param restarted called when a worker runs as another process than before
   * @throws CompletionException with the first failure; whatever is still starting is abandoned
   */
  RunningParts run(Runnable restarted) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        return run(threads, restarted);
      } catch (CompletionException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private RunningParts run(ExecutorService threads, Runnable restarted) throws IOException {
    Map<String, CompletableFuture<MlflowServerProcess>> mlflow = new LinkedHashMap<>();
    Map<String, LocalWorkspace> workspaces = new LinkedHashMap<>();
    Map<String, CompletableFuture<WorkerProcess>> workers = new LinkedHashMap<>();
    CompletableFuture<TemporalServer> temporal = begin(threads, this::temporal);
    for (String name : World.WORKSPACES) {
      mlflow.put(name, begin(threads, () -> mlflow(name)));
    }
    for (String name : World.WORKSPACES) {
      workspaces.put(name, workspace(name));
    }
    String platform = platformFile();
    for (String name : World.WORKSPACES) {
      workers.put(
          name,
          temporal.thenApplyAsync(
              server -> unchecked(() -> worker(name, platform, server, restarted)), threads));
    }
    List<CompletableFuture<?>> all = new ArrayList<>(mlflow.values());
    all.addAll(workers.values());
    firstFailureOrAll(all).join();
    return new RunningParts(temporal.join(), joined(mlflow), workspaces, hosts, joined(workers));
  }

  private MlflowServerProcess mlflow(String name) throws IOException {
    long begun = System.nanoTime();
    MlflowServerProcess server =
        parts.add(
            Parts.Kind.MLFLOW,
            MlflowServerProcess.start(
                keeper,
                name,
                folder.workspace(name).resolve("mlflow"),
                port(name + "-mlflow"),
                folder.log("mlflow-" + name)));
    report("MLflow of " + name + " on " + server.uri(), begun);
    return server;
  }

  private TemporalServer temporal() throws IOException {
    long begun = System.nanoTime();
    Optional<Path> cli =
        TemporalCli.find(folder.root().resolve(".portage"), settings.environment(), progress);
    TemporalServer server =
        cli.isPresent()
            ? DevTemporal.start(
                keeper,
                cli.get(),
                folder.state().resolve("temporal"),
                port("temporal"),
                port("temporal-ui"),
                folder.log("temporal"))
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
      String name, String platform, TemporalServer temporal, Runnable restarted)
      throws IOException {
    long begun = System.nanoTime();
    Path home = Files.createDirectories(folder.worker(name));
    Files.writeString(home.resolve("portage.yaml"), platform);
    give(LocalWorkspaces.token(folder, name), home.resolve(name + ".token"));
    for (String source : World.WORKSPACES.subList(0, World.WORKSPACES.indexOf(name))) {
      // Who copies from there reads there, and can do no more.
      give(local.readerToken(source), home.resolve(source + "-reader.token"));
    }
    WorkerProcess worker =
        parts.add(
            Parts.Kind.WORKER,
            WorkerProcess.start(
                name,
                new WorkerProcess.Launch(
                    keeper,
                    WorkerCommandLine.of(name, port(name + "-worker"), settings.workerOptions()),
                    Map.of(
                        "TEMPORAL_ADDRESS",
                        temporal.address(),
                        "TEMPORAL_NAMESPACE",
                        TemporalServer.NAMESPACE),
                    home,
                    start -> folder.log("worker-" + name + (start == 1 ? "" : "-" + start)),
                    port(name + "-worker")),
                _ -> restarted.run()));
    report("worker of " + name + ", process " + worker.pid(), begun);
    return worker;
  }

  private String platformFile() throws IOException {
    Map<String, URI> pages = new LinkedHashMap<>();
    for (String name : World.WORKSPACES) {
      pages.put(name, mlflowAddress(name));
    }
    String text = PlatformFileText.of(hosts, pages);
    // For people to look at; workers have their own.
    Files.writeString(folder.state().resolve("portage.yaml"), text);
    return text;
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
