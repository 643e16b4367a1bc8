package dev.portage.load;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Existing versions in the first workspace, created by MLflow's own calls; their files are put
 * directly where the server stores them, since uploading is what takes time.
 */
final class Models {
  /** The experiment that they were trained in. */
  static final String EXPERIMENT = "/Shared/load";

  /** Metric of each of them, and its value. */
  static final String METRIC = "accuracy";

  private static final double VALUE = 0.9;
  private static final int PIECE = 1024 * 1024;
  private static final int AT_ONCE = 8;

  private final LoadWorld world;
  private final Mlflow mlflow;
  private final String experiment;

  Models(LoadWorld world) {
    this.world = world;
    this.mlflow = world.mlflow("dev");
    this.experiment = mlflow.experiment(EXPERIMENT);
  }

  /**
   * A version to be promoted.
   *
   * @param model name of its model
   * @param number its number
   */
  record Version(String model, String number) {}

  /**
   * A model of one version for each name.
   *
   * @param large a file that each contains in addition to the tiny one, null for none
   */
  List<Version> oneEach(List<String> names, @Nullable Path large) {
    return Together.each(
        names,
        AT_ONCE,
        name -> {
          mlflow.model(name);
          return version(name, large);
        });
  }

  /** Versions of one model, the first first. */
  List<Version> ofOne(String name, int count) {
    mlflow.model(name);
    List<Version> versions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      versions.add(version(name, null));
    }
    return versions;
  }

  private Version version(String name, @Nullable Path large) {
    String run = mlflow.run(experiment, METRIC, VALUE);
    String path = experiment + "/" + run + "/artifacts/model";
    try {
      Path folder = Files.createDirectories(world.artifacts("dev").resolve(path));
      Files.writeString(
          folder.resolve("MLmodel"),
          "flavors:\n  python_function:\n    loader_module: tiny\nrun_id: " + run + "\n",
          StandardCharsets.UTF_8);
      Files.writeString(folder.resolve("model.json"), "{\"of\":\"" + run + "\"}\n");
      if (large != null) {
        // One file on the disk for all of them: what is measured is that each is copied.
        Files.createLink(folder.resolve("weights.bin"), large);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Version(name, mlflow.version(name, "mlflow-artifacts:/" + path, run));
  }

  /** A file of random bytes, on the disk of the first workspace's files. */
  Path largeFile(long bytes) throws IOException {
    Path file = Files.createDirectories(world.artifacts("dev")).resolve("large.bin");
    Random random = new Random(bytes);
    byte[] piece = new byte[PIECE];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= PIECE) {
        random.nextBytes(piece);
        out.write(piece, 0, (int) Math.min(left, PIECE));
      }
    }
    return file;
  }
}
