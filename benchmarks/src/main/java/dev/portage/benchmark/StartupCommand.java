package dev.portage.benchmark;

import dev.portage.sandbox.process.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run startup}. */
@Command(
    name = "startup",
    mixinStandardHelpOptions = true,
    description = {
      "How long a command takes that has little to do, compared with the program temporal, which",
      "asks the same server. Needs build/release linux-x64 and build/temporal."
    })
final class StartupCommand implements Callable<Integer> {

  private static final double MILLIS = 1e6;

  @Option(names = "--rounds", description = "Measured rounds. Default: ${DEFAULT-VALUE}.")
  private int rounds = 11;

  @Option(
      names = "--portage",
      paramLabel = "FILE",
      description = "The launcher to measure. Default: that of the release, unpacked.")
  private @Nullable Path portage;

  /**
   * What is measured.
   *
   * @param name as the table shows it
   * @param line the command
   */
  private record Subject(String name, List<String> line) {}

  @Override
  public Integer call() throws IOException {
    Path root = Path.of(Objects.requireNonNullElse(System.getProperty("portage.root"), "."));
    String temporal = root.resolve(".portage/bin/temporal").toString();
    Path folder = Files.createTempDirectory("portage-startup-");
    Path launcher = portage == null ? unpacked(root, folder) : portage.toAbsolutePath();
    int port = Ports.free();
    Process server =
        new ProcessBuilder(
                temporal,
                "server",
                "start-dev",
                "--headless",
                "--ip",
                "127.0.0.1",
                "--port",
                Integer.toString(port))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      awaitStart(server);
      List<Subject> subjects =
          List.of(
              new Subject("temporal --help", List.of(temporal, "--help")),
              new Subject("portage --help", List.of(launcher.toString(), "--help")),
              new Subject("temporal workflow list", List.of(temporal, "workflow", "list")),
              new Subject("portage list", List.of(launcher.toString(), "list")));
      System.out.println(table(measure(subjects, folder, "127.0.0.1:" + port)));
      return 0;
    } finally {
      server.destroy();
    }
  }

  private static Path unpacked(Path root, Path folder) throws IOException {
    try (var files =
        Files.newDirectoryStream(root.resolve("release/target/release"), "*-linux-x64.tar.gz")) {
      for (Path archive : files) {
        run(List.of("tar", "-xzf", archive.toString(), "--strip-components", "1"), folder, "");
        return folder.resolve("bin/portage");
      }
    }
    throw new IOException("there is no release: run build/release linux-x64");
  }

  private static void awaitStart(Process server) throws IOException {
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.contains("Server:")) {
        return;
      }
    }
    throw new IOException("the Temporal server ended before it was up");
  }

  /** Median of each in milliseconds, one after the other in each round; a first round warms up. */
  private Map<String, Double> measure(List<Subject> subjects, Path folder, String address) {
    Map<String, List<Double>> taken = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Subject subject : subjects) {
        long began = System.nanoTime();
        run(subject.line(), folder, address);
        double millis = (System.nanoTime() - began) / MILLIS;
        if (round > 0) {
          taken.computeIfAbsent(subject.name(), any -> new ArrayList<>()).add(millis);
        }
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    taken.forEach((name, all) ->
        medians.put(name, all.stream().sorted().skip(all.size() / 2).findFirst().orElseThrow()));
    return medians;
  }

  private String table(Map<String, Double> medians) {
    StringBuilder table =
        new StringBuilder("| command | median | temporal's = 1 |\n|---|---|---|\n");
    double rival = 0;
    for (Map.Entry<String, Double> one : medians.entrySet()) {
      if (one.getKey().startsWith("temporal")) {
        rival = one.getValue();
      }
      table.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %.0f ms | %.1f |%n",
              one.getKey(),
              one.getValue(),
              one.getValue() / rival));
    }
    return table.append('\n').append(rounds).append(" rounds, interleaved.").toString();
  }

  private static void run(List<String> line, Path folder, String address) {
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("last.out").toFile());
    builder.environment().keySet().removeIf(name -> name.equals("TF_BUILD") || name.equals("CI"));
    builder.environment().put("TEMPORAL_ADDRESS", address);
    try {
      int code = builder.start().waitFor();
      if (code != 0) {
        throw new IOException(
            String.join(" ", line)
                + " ended with "
                + code
                + ": "
                + Files.readString(folder.resolve("last.out")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }
}
