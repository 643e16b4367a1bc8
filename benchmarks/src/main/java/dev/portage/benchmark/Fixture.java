package dev.portage.benchmark;

import dev.portage.candidate.ModelLocation;
import dev.portage.http.OutboundHttp;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.process.MlflowServerProcess;
import dev.portage.sandbox.process.Ports;
import dev.portage.sandbox.python.PythonEnvironment;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Two real MLflow servers, and runs with files on the first. */
final class Fixture implements AutoCloseable {
  private static final int PIECE = 1024 * 1024;

  private final Path folder;
  private final Path python;
  private final MlflowServerProcess source;
  private final MlflowServerProcess target;
  private final OutboundHttp http = Servers.http();

  private Fixture(
      Path folder, Path python, MlflowServerProcess source, MlflowServerProcess target) {
    this.folder = folder;
    this.python = python;
    this.source = source;
    this.target = target;
  }

  /** Starts the servers, below a folder that is gone in the end. */
  static Fixture start(Path root, Path scratch) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(scratch), "benchmark-");
    Path python = PythonEnvironment.prepare(root, System.getenv(), System.err::println).python();
    Keeper keeper = Keeper.in(folder, python);
    MlflowServerProcess source = server(keeper, folder, "source");
    try {
      return new Fixture(folder, python, source, server(keeper, folder, "target"));
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  private static MlflowServerProcess server(Keeper keeper, Path folder, String name)
      throws IOException {
    return MlflowServerProcess.start(
        keeper, name, folder.resolve(name), Ports.free(), folder.resolve(name + ".log"));
  }

  /**
   * A run of the source with the files of a shape below "model". Their bytes are random, since some
   * ways compress.
   */
  ModelLocation model(Shape shape) throws IOException {
    String experiment =
        Servers.source(http, source.uri())
            .experiments()
            .namedOrNew("/benchmark/" + shape.name())
            .id();
    String run = Servers.run(Servers.source(http, source.uri()), experiment);
    Path model =
        Files.createDirectories(
            folder
                .resolve("source/artifacts")
                .resolve(experiment)
                .resolve(run)
                .resolve("artifacts/model"));
    Files.writeString(
        model.resolve("MLmodel"), "flavors: {}\nrun_id: " + run + "\n", StandardCharsets.UTF_8);
    Random random = new Random(shape.files());
    byte[] piece = new byte[PIECE];
    random.nextBytes(piece);
    for (int i = 0; i < shape.files(); i++) {
      Path file = model.resolve("part-%05d.bin".formatted(i));
      try (OutputStream out = Files.newOutputStream(file)) {
        for (long left = shape.bytes(); left > 0; left -= PIECE) {
          random.nextBytes(piece);
          out.write(piece, 0, (int) Math.min(left, PIECE));
        }
      }
    }
    return new ModelLocation(
        "source",
        experiment,
        run,
        null,
        "model",
        "runs:/" + run + "/model",
        "mlflow-artifacts:/" + experiment + "/" + run + "/artifacts/model");
  }

  /** The experiment of the target that runs go into. */
  String targetExperiment(String name) {
    return Servers.source(http, target.uri()).experiments().namedOrNew(name).id();
  }

  /** Removes the files of a run of the target, so that disks do not fill. */
  void forget(String experiment, String run) throws IOException {
    remove(folder.resolve("target/artifacts").resolve(experiment).resolve(run));
  }

  /** Removes the files of a model of the source. */
  void forget(ModelLocation model) throws IOException {
    remove(folder.resolve("source/artifacts").resolve(model.experimentId()).resolve(model.runId()));
  }

  URI source() {
    return source.uri();
  }

  URI target() {
    return target.uri();
  }

  /** Processor time that both servers have used so far, in seconds. */
  double serverSeconds() {
    return Stream.of(source.pid(), target.pid())
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .mapToDouble(process ->
            process.info().totalCpuDuration().map(time -> time.toMillis() / 1e3).orElse(0.0))
        .sum();
  }

  /** Waits until what was written is on the disk, so that nobody pays for what another wrote. */
  static void settleDisk() throws IOException {
    try {
      new ProcessBuilder("sync").start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  Path scratch() {
    return folder;
  }

  Path python() {
    return python;
  }

  /** What the processes of the rivals get to know. */
  static Map<String, String> environment() {
    return Map.of("MLFLOW_DISABLE_TELEMETRY", "true", "DO_NOT_TRACK", "true");
  }

  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failed)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    source.close();
    target.close();
    http.close();
    remove(folder);
  }
}
