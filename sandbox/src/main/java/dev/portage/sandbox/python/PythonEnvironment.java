package dev.portage.sandbox.python;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The virtual environment {@code .portage/venv} with exactly the packages of {@code
 * sandbox/src/main/python/requirements.lock}, each checked by its hash. A marker with the lock's
 * own hash is written last, so a set-up that was cut short is done again, and one that is whole
 * costs nothing.
 */
public final class PythonEnvironment {
  private static final String MARKER = "portage-ready";

  /** What servers, notebooks and clients load. */
  private static final String LOADED =
      """
      import databricks.sdk, deltalake, matplotlib.backends.backend_agg, matplotlib.figure, pandas
      import sklearn.compose, sklearn.linear_model, sklearn.metrics, sklearn.pipeline
      import mlflow.pyfunc, mlflow.sklearn, mlflow.server.fastapi_app
      """;

  private final Path folder;

  private PythonEnvironment(Path folder) {
    this.folder = folder;
  }

  /**
   * The environment below a checkout; made when it is not there, is half made or belongs to another
   * lock. One of two that come at once waits for the other.
   *
   * @param root the checkout
   * @param environment variables; of ours only PORTAGE_PYTHON
   * @param progress told in one line what happens, only when something has to be done
   * @throws PythonMissingException when it cannot be had, with what to do
   */
  public static PythonEnvironment prepare(
      Path root, Map<String, String> environment, Consumer<String> progress) {
    Path home = root.toAbsolutePath().normalize().resolve(".portage");
    PythonEnvironment python = new PythonEnvironment(home.resolve("venv"));
    Path locks = root.toAbsolutePath().resolve("sandbox/src/main/python");
    try {
      String key = key(locks);
      if (python.isReady(key)) {
        return python;
      }
      Files.createDirectories(home);
      try (FileChannel channel =
              FileChannel.open(
                  home.resolve("venv.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = lock(channel, progress)) {
        if (!python.isReady(key)) {
          python.build(locks, key, home.resolve("venv.log"), environment, progress);
        }
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

  private boolean isReady(String key) throws IOException {
    Path marker = folder.resolve(MARKER);
    // The interpreter is a link to the machine's own, which may have been removed since.
    return Files.exists(marker)
        && Files.readString(marker).strip().equals(key)
        && Files.isExecutable(python());
  }

  private void build(
      Path locks, String key, Path log, Map<String, String> environment, Consumer<String> progress)
      throws IOException {
    long begun = System.nanoTime();
    BasePython base = BasePython.find(environment);
    progress.accept("Python " + base.version() + ": making " + folder);
    Files.deleteIfExists(log);
    remove(folder);
    SetupCommand setup = new SetupCommand(log);
    setup.run(
        Duration.ofMinutes(5),
        "make a virtual environment",
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
    progress.accept("Python packages: fetching and checking about 90 (about 800 MB on disk)");
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
    // Compiled here, once: whoever may not write into the folder, as notebooks, would do it at
    // each start. Only what is loaded: all of it would take a minute more.
    setup.run(Duration.ofMinutes(10), "load the Python packages", List.of(python, "-c", LOADED));
    Path marker = folder.resolve(MARKER + ".new");
    Files.writeString(marker, key + "\n");
    Files.move(marker, folder.resolve(MARKER));
    progress.accept(
        "Python packages: ready after "
            + Duration.ofNanos(System.nanoTime() - begun).toSeconds()
            + " s");
  }

  private static FileLock lock(FileChannel channel, Consumer<String> progress) throws IOException {
    FileLock free = channel.tryLock();
    if (free != null) {
      return free;
    }
    progress.accept("Python packages: waiting for another set-up of the same folder");
    return channel.lock();
  }

  private static String key(Path locks) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String name : List.of("uv-requirements.lock", "requirements.lock")) {
        Path file = locks.resolve(name);
        if (!Files.exists(file)) {
          throw new PythonMissingException(
              file + " is missing: run this from a complete checkout of Portage");
        }
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    // The marker first: from here on the folder is no longer whole.
    Files.deleteIfExists(folder.resolve(MARKER));
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
