package dev.portage.sandbox.python;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The virtual environment {@code .portage/venv} with exactly the packages of {@code
 * sandbox/src/main/python/requirements.lock}, each verified by its hash.
 */
public final class PythonEnvironment {
  /** What servers, notebooks and clients load. */
  private static final String LOADED =
      """
      import databricks.sdk, deltalake, matplotlib.backends.backend_agg, matplotlib.figure, pandas
      import sklearn.compose, sklearn.linear_model, sklearn.metrics, sklearn.pipeline
      import mlflow.pyfunc, mlflow.sklearn, mlflow.server.fastapi_app
      import sqlglot.dialects.databricks, sqlglot.dialects.postgres
      """;

  private final Path folder;
  private final InstallFolder install;

  private PythonEnvironment(Path folder) {
    this.folder = folder;
    this.install = new InstallFolder(folder);
  }

  /**
   * The environment of a checkout; created if it is missing, incomplete or made from another lock.
   * If two processes need it at once, one waits for the other.
   *
   * @param root the checkout
   * @param environment variables; of ours only PORTAGE_PYTHON
   * @param progress gets one line about what happens, only if something must be done
   * @throws PythonMissingException if it is not available, with what to do
   */
  public static PythonEnvironment prepare(
      Path root, Map<String, String> environment, Consumer<String> progress) {
    Path home = root.toAbsolutePath().normalize().resolve(".portage");
    PythonEnvironment python = new PythonEnvironment(home.resolve("venv"));
    Path locks = root.toAbsolutePath().resolve("sandbox/src/main/python");
    try {
      String key =
          InstallFolder.key(
              List.of(locks.resolve("uv-requirements.lock"), locks.resolve("requirements.lock")));
      if (!python.isReady(key)) {
        python.install.alone(
            progress,
            () -> {
              if (!python.isReady(key)) {
                python.build(locks, key, home.resolve("venv.log"), environment, progress);
              }
            });
      }
      return python;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare " + python.folder, e);
    }
  }

  /** The interpreter. */
  public Path python() {
    Path windows = folder.resolve("Scripts").resolve("python.exe");
    return Files.exists(windows) ? windows : folder.resolve("bin").resolve("python");
  }

  /** The folder of the environment. */
  public Path folder() {
    return folder;
  }

  private boolean isReady(String key) {
    // The interpreter is a link to the machine's own, which may have been removed since.
    return install.isReady(key) && Files.isExecutable(python());
  }

  private void build(
      Path locks, String key, Path log, Map<String, String> environment, Consumer<String> progress)
      throws IOException {
    long begun = System.nanoTime();
    BasePython base = BasePython.find(environment);
    progress.accept("Python " + base.version() + ": creating " + folder);
    Files.deleteIfExists(log);
    install.remove();
    SetupCommand setup = new SetupCommand(log, Map.of());
    setup.run(
        Duration.ofMinutes(5),
        "create a virtual environment",
        List.of(base.executable(), "-m", "venv", folder.toString()));
    String python = python().toString();
    setup.run(
        Duration.ofMinutes(10),
        "install uv",
        List.of(
            python,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--require-hashes",
            "--no-deps",
            "-r",
            locks.resolve("uv-requirements.lock").toString()));
    progress.accept("Python packages: downloading and verifying about 90 (about 800 MB on disk)");
    setup.run(
        Duration.ofMinutes(60),
        "install the Python packages",
        List.of(
            python,
            "-m",
            "uv",
            "pip",
            "install",
            "--python",
            python,
            "--require-hashes",
            "--no-deps",
            "--no-progress",
            "-r",
            locks.resolve("requirements.lock").toString()));
    // Compiled here, once: users without write access to the folder, such as notebooks, would do it
    // at each start. Only what is loaded: everything would take another minute.
    setup.run(Duration.ofMinutes(10), "load the Python packages", List.of(python, "-c", LOADED));
    install.markReady(key);
    progress.accept(
        "Python packages: ready after "
            + Duration.ofNanos(System.nanoTime() - begun).toSeconds()
            + " s");
  }
}
