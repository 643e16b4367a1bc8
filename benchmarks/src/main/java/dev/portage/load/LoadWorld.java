package dev.portage.load;

import dev.portage.sandbox.world.World;
import dev.portage.sandbox.world.WorldFolder;
import dev.portage.sandbox.world.WorldSettings;
import dev.portage.temporal.Payloads;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A separate world for the measurements: a real Temporal server, two real MLflow servers, two
 * workers, and separate workers for the bare workflows.
 */
final class LoadWorld implements AutoCloseable {
  private static final Duration RPC = Duration.ofMinutes(1);
  private static final Duration RESTART = Duration.ofMinutes(2);

  private final Path root;
  private final Path home;
  private final World world;
  private final Consumer<String> progress;
  private final HttpClient http = HttpClient.newHttpClient();
  private final BareWorkers bare = new BareWorkers(this);
  private final Meter meter = new Meter(this::processes);
  private final Deque<Promotions> waiting = new ArrayDeque<>();
  private @Nullable WorkflowServiceStubs stubs;
  private @Nullable WorkflowClient client;

  private LoadWorld(Path root, Path home, World world, Consumer<String> progress) {
    this.root = root;
    this.home = home;
    this.world = world;
    this.progress = progress;
  }

  /**
   * Starts it.
   *
   * @param root the checkout
   * @param scratch folder for what it is made of, gone in the end; outside of any git checkout,
   *     since what is promoted there is of none
   * @param profile folder for recordings of the workers, null for none
   * @throws LoadException when there is no real Temporal server
   */
  static LoadWorld start(Path root, Path scratch, @Nullable Path profile, Consumer<String> progress)
      throws IOException {
    Path home = Files.createTempDirectory(Files.createDirectories(scratch), "load-").toRealPath();
    World world =
        new World(
            new WorldFolder(root, home.resolve(".portage"), home.resolve("state")),
            new WorldSettings(
                true,
                System.getenv(),
                (_, host) -> host,
                recorded(profile),
                WorldSettings.Spark.NEVER),
            progress);
    LoadWorld load = new LoadWorld(root, home, world, progress);
    Runtime.getRuntime().addShutdownHook(new Thread(load::end, "end-world"));
    world.start();
    if (world.temporal().ui().isEmpty()) {
      load.close();
      throw new LoadException(
          "load is measured only on a real Temporal server, and no program temporal was found; see build/temporal");
    }
    load.connect();
    return load;
  }

  /** Each process names its file by its own id. */
  private static List<String> recorded(@Nullable Path profile) throws IOException {
    if (profile == null) {
      return List.of();
    }
    return List.of(
        "-Xlog:jfr+startup=off",
        "-XX:StartFlightRecording=jdk.CPUTimeSample#enabled=true,filename="
            + Files.createDirectories(profile).toAbsolutePath()
            + "/worker-%p.jfr");
  }

  private void connect() {
    WorkflowServiceStubs made =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(temporal())
                .setRpcTimeout(RPC)
                .build());
    stubs = made;
    client =
        WorkflowClient.newInstance(
            made,
            WorkflowClientOptions.newBuilder().setDataConverter(Payloads.dataConverter()).build());
  }

  /** What runs. */
  World world() {
    return world;
  }

  /** Prints the progress in one line. */
  void say(String line) {
    progress.accept(line);
  }

  /** The checkout. */
  Path root() {
    return root;
  }

  /** Where everything of it is. */
  Path home() {
    return home;
  }

  /** A folder of its own, of no git checkout. */
  Path folder(String name) throws IOException {
    return Files.createDirectories(home.resolve("files").resolve(name));
  }

  /** Address of Temporal. */
  String temporal() {
    return world.temporal().address();
  }

  /** A client with Portage's own data converter. */
  WorkflowClient client() {
    return Objects.requireNonNull(client, "started");
  }

  /** Temporal's calls. */
  WorkflowServiceStubs stubs() {
    return Objects.requireNonNull(stubs, "started");
  }

  /** The real MLflow server of a workspace. */
  Mlflow mlflow(String workspace) {
    return new Mlflow(http, world.mlflow(workspace));
  }

  /** Where the files of a workspace's runs are. */
  Path artifacts(String workspace) {
    return world.folder().workspace(workspace).resolve("mlflow").resolve("artifacts");
  }

  /** Keeps promotions that wait for people, for a later measurement that needs as many. */
  void keep(Promotions promotions) {
    waiting.addLast(promotions);
  }

  /** The last kept ones of a number, which are the caller's from now on; empty where none are. */
  Optional<Promotions> kept(int count) {
    Iterator<Promotions> newestFirst = waiting.descendingIterator();
    while (newestFirst.hasNext()) {
      Promotions promotions = newestFirst.next();
      if (promotions.size() == count) {
        newestFirst.remove();
        return Optional.of(promotions);
      }
    }
    return Optional.empty();
  }

  /** Processor time and memory. */
  Meter meter() {
    return meter;
  }

  /** Process ids of Portage's workers, of now. */
  List<Long> workers() {
    return World.WORKSPACES.stream().map(name -> world.worker(name).pid()).toList();
  }

  /** Kills both workers as a crash would. */
  void killWorkers() {
    World.WORKSPACES.forEach(name -> world.worker(name).kill());
  }

  /** Waits until both workers are back, as new processes, and healthy. */
  void awaitOtherWorkers(List<Long> before) {
    long end = System.nanoTime() + RESTART.toNanos();
    while (workers().stream().anyMatch(before::contains) || !areWell()) {
      if (System.nanoTime() > end) {
        throw new LoadException("the workers are not back after " + RESTART);
      }
      pause(Duration.ofMillis(100));
    }
  }

  private boolean areWell() {
    return World.WORKSPACES.stream()
        .map(name -> world.worker(name).health())
        .allMatch(this::isWell);
  }

  private boolean isWell(URI health) {
    try {
      return http.send(
                  HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException away) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadException("interrupted", e);
    }
  }

  /** The workers of bare workflows. */
  BareWorkers bare() {
    return bare;
  }

  /** Waits without an answer in mind. */
  static void pause(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadException("interrupted", e);
    }
  }

  private Map<Part, List<Long>> processes() {
    Map<Part, List<Long>> ids = new EnumMap<>(Part.class);
    ids.put(Part.DRIVER, List.of(ProcessHandle.current().pid()));
    ids.put(Part.WORKERS, workers());
    ids.put(Part.TEMPORAL, descendants(info -> info.command().orElse("").endsWith("/temporal")));
    ids.put(Part.MLFLOW, descendants(LoadWorld::isMlflow));
    if (!bare.pids().isEmpty()) {
      ids.put(Part.BARE, bare.pids());
    }
    return ids;
  }

  private static boolean isMlflow(ProcessHandle.Info info) {
    List<String> arguments = List.of(info.arguments().orElse(new String[0]));
    return arguments.contains("mlflow.server.fastapi_app:app")
        && arguments.stream().noneMatch(argument -> argument.endsWith("keeper.py"));
  }

  private static List<Long> descendants(Predicate<ProcessHandle.Info> wanted) {
    try (Stream<ProcessHandle> all = ProcessHandle.current().descendants()) {
      return all.filter(process -> wanted.test(process.info())).map(ProcessHandle::pid).toList();
    }
  }

  /** Warnings in the workers' logs, each kind once with how often it came. */
  List<String> warnings() throws IOException {
    return LogWarnings.in(world.folder().log("any").toAbsolutePath().getParent());
  }

  /** The number of cores and the memory of this machine, and what runs here. */
  String machine() {
    return Runtime.getRuntime().availableProcessors()
        + " cores, "
        + Optional.of(world.temporal().says()).map(says -> says.split(" on ", 2)[0]).orElse("");
  }

  private void end() {
    bare.end();
    world.close();
  }

  @Override
  public void close() throws IOException {
    if (stubs != null) {
      stubs.shutdownNow();
    }
    end();
    http.close();
    Trees.remove(home);
  }
}
