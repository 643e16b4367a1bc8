package dev.portage.sandbox.world;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** How to start a worker with the same Java and jars as this process. */
final class WorkerCommandLine {
  private static final String MAIN = "dev.portage.worker.WorkerCommand";

  private WorkerCommandLine() {}

  /**
   * The command line.
   *
   * @param served names of the workspaces that it serves
   * @param platform the platform file
   * @param port of /health and /metrics
   * @param options further options of the JVM
   */
  static List<String> of(List<String> served, Path platform, int port, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(property("java.home"), "bin", "java").toString());
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx512m");
    // The launcher's cache of loaded classes fits, since the class path is the same. Where this
    // process does without the optimizing compiler, its workers live no longer.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option ->
            option.startsWith("-XX:AOTCache=")
                || option.startsWith("-XX:TieredStopAtLevel=")
                || option.equals("-Xlog:disable"))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(List.of("-cp", property("java.class.path"), MAIN));
    command.addAll(
        List.of(
            "--workspaces",
            String.join(",", served),
            "--platform",
            platform.toString(),
            // Its own folder, so that it finds its own secrets there and no others.
            "--secrets",
            ".",
            "--port",
            Integer.toString(port)));
    return command;
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }
}
