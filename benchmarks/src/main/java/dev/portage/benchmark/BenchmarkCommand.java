package dev.portage.benchmark;

import dev.portage.load.LoadCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The {@code benchmarks/run} command. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    subcommands = {LoadCommand.class, StartupCommand.class},
    description = {
      "Copies the same models between the same two MLflow servers: by Portage, by MLflow's own",
      "client, by mlflow-export-import, and by plain streams as the limit. Prints tables."
    })
public final class BenchmarkCommand implements Callable<Integer> {
  private static final Duration INSTALLING = Duration.ofMinutes(10);

  @Option(names = "--rounds", description = "Measured rounds. Default: ${DEFAULT-VALUE}.")
  private int rounds = 5;

  @Option(names = "--quick", description = "Small shapes and one round: a smoke test.")
  private boolean quick;

  @Option(names = "--growth", description = "Also 10 to 10,000 files, and 1 MiB to 16 GiB.")
  private boolean growth;

  @Option(names = "--only", description = "One shape: large, small or signed.")
  private @Nullable String only;

  @Option(names = "--transfers", description = "Transfers in flight. Default: ${DEFAULT-VALUE}.")
  private int transfers = 16;

  @Option(names = "--scratch", description = "Folder for up to 40 GiB. Default: in .portage.")
  private @Nullable Path scratch;

  @Option(
      names = "--profile",
      description =
          "Folder for a recording of each shape that shows where Portage's CPU time goes (Linux). Recording itself takes some CPU time. To analyze it: jfr view cpu-time-hot-methods"
              + " SHAPE.jfr")
  private @Nullable Path profile;

  private BenchmarkCommand() {}

  /** Runs it and ends the process with its exit code. */
  public static void main(String... arguments) {
    // Plain streams keep their connections, as many as there may be threads.
    System.setProperty("http.maxConnections", "64");
    System.exit(
        new CommandLine(new BenchmarkCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Path root =
        Path.of(Objects.requireNonNullElse(System.getProperty("portage.root"), "."))
            .toAbsolutePath()
            .normalize();
    Path home = root.resolve(".portage");
    Path scripts = root.resolve("benchmarks/src/main/python");
    Path exportImport = exportImport(root, home);
    try (Fixture fixture =
        Fixture.start(root, scratch == null ? home.resolve("benchmarks") : scratch)) {
      for (Shape shape : quick ? Shape.QUICK : Shape.USUAL) {
        if (only == null || shape.name().equals(only)) {
          Rounds.Outcome outcome =
              new Rounds(fixture, shape, System.err::println, recording(shape))
                  .run(quick ? 1 : rounds, transfers, scripts, exportImport);
          System.out.println(Report.table(outcome));
        }
      }
      if (only == null || only.equals(SignedRounds.SHAPE.name())) {
        System.out.println(
            Report.signed(
                new SignedRounds(fixture, System.err::println).run(quick ? 1 : rounds, transfers)));
      }
      if (growth) {
        Map<Shape, Double> grown = new LinkedHashMap<>();
        for (Shape shape : Shape.GROWING) {
          System.err.println("growing: " + shape.shown());
          grown.put(
              shape, Rounds.alone(fixture, shape, transfers, shape.total() > 1L << 30 ? 1 : 3));
        }
        System.out.println(Report.growth(grown));
      }
    }
    return 0;
  }

  private @Nullable Path recording(Shape shape) throws IOException {
    return profile == null ? null : Files.createDirectories(profile).resolve(shape.name() + ".jfr");
  }

  /** The Python with mlflow-export-import; null if it isn't available. */
  private static @Nullable Path exportImport(Path root, Path home) {
    Path folder = home.resolve("benchmark-venv");
    Path python = folder.resolve("bin/python");
    Path requirements = root.resolve("benchmarks/src/main/python/requirements.txt");
    Path marker = folder.resolve("portage-ready");
    try {
      if (!Files.exists(marker)
          || !Files.readString(marker).equals(Files.readString(requirements))) {
        System.err.println("benchmarks: installing mlflow-export-import (a minute)");
        install(
            List.of(home.resolve("venv/bin/python").toString(), "-m", "venv", folder.toString()));
        install(
            List.of(
                python.toString(), "-m", "pip", "install", "-q", "-r", requirements.toString()));
        Files.writeString(marker, Files.readString(requirements));
      }
      return python;
    } catch (IOException e) {
      System.err.println("benchmarks: without mlflow-export-import: " + e.getMessage());
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }

  private static void install(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(INSTALLING.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(
          String.format(Locale.ROOT, "%s did not end well", String.join(" ", command)));
    }
  }
}
