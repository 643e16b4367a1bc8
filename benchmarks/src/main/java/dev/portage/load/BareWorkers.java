package dev.portage.load;

import dev.portage.sandbox.process.KeptProcess;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.python.PythonEnvironment;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Workers of bare workflows, run like Portage's: two processes, one for the task queues of each
 * workspace.
 */
final class BareWorkers {
  private static final Duration START = Duration.ofMinutes(3);

  private final LoadWorld world;
  private final List<KeptProcess> processes = new ArrayList<>();

  BareWorkers(LoadWorld world) {
    this.world = world;
  }

  /** Starts them, and waits until they are ready. */
  void serve(List<String> queues) throws IOException {
    Keeper keeper =
        Keeper.in(
            world.home(),
            PythonEnvironment.prepare(world.root(), System.getenv(), world::say).python());
    for (String workspace : World.WORKSPACES) {
      Path folder = world.folder("bare-" + workspace);
      KeptProcess process =
          KeptProcess.start(
              keeper,
              command(queuesOf(workspace, queues)),
              Map.of(),
              folder,
              folder.resolve("log"));
      processes.add(process);
      awaitReady(process);
    }
  }

  /** Those of a workspace, and those of none. */
  private static List<String> queuesOf(String workspace, List<String> queues) {
    return queues.stream()
        .filter(queue ->
            World.WORKSPACES.stream()
                .noneMatch(
                    other -> !other.equals(workspace) && (queue + "/").contains("/" + other + "/")))
        .toList();
  }

  private List<String> command(List<String> queues) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                BareWorker.class.getName(),
                world.temporal()));
    command.addAll(queues);
    return command;
  }

  private static void awaitReady(KeptProcess process) throws IOException {
    long end = System.nanoTime() + START.toNanos();
    while (!Files.readString(process.log()).contains("bare worker ready")) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new LoadException("a worker of bare workflows does not start; see " + process.log());
      }
      LoadWorld.pause(Duration.ofMillis(50));
    }
  }

  /** Their process ids; empty while none runs. */
  List<Long> pids() {
    return processes.stream().map(KeptProcess::pid).toList();
  }

  /** Ends them. */
  void end() {
    processes.forEach(KeptProcess::close);
    processes.clear();
  }
}
