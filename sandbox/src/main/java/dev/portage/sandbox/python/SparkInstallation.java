package dev.portage.sandbox.python;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * PySpark with Delta Lake in {@code .portage/spark}, separate from the Python environment, so that
 * it doesn't take half a gigabyte where nobody needs Spark: {@code python} holds the packages,
 * {@code jars} Delta Lake, {@code classes} the catalog that maps table names to the workspace's
 * tables. Every download is verified against the hashes in {@code sandbox/src/main/spark}.
 */
public final class SparkInstallation {
  private static final String SOURCES = "sandbox/src/main/spark";

  /** What notebooks load; compiled here once, since notebooks write no compiled files. */
  private static final String LOADED =
      """
      import sys
      sys.path.insert(0, sys.argv[1])
      import pyspark.sql.functions, pyspark.sql.types, pyspark.sql.pandas.conversion, pyspark.daemon, pyspark.worker
      import pyspark.sql.classic.dataframe, pyspark.ml, delta.tables
      """;

  private final Path root;
  private final Path sources;
  private final InstallFolder folder;

  private SparkInstallation(Path root) {
    this.root = root.toAbsolutePath().normalize();
    this.sources = this.root.resolve(SOURCES);
    this.folder = new InstallFolder(this.root.resolve(".portage").resolve("spark"));
  }

  /** The folder, where Spark is installed as this checkout has it. */
  public static Optional<Path> find(Path root) {
    SparkInstallation spark = new SparkInstallation(root);
    try {
      return spark.folder.isReady(spark.key())
          ? Optional.of(spark.folder.folder())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot check for Spark in " + spark.folder.folder(), e);
    }
  }

  /**
   * Installs it where it is not installed, and returns its folder.
   *
   * @param root the checkout
   * @param python the environment that it is for
   * @param progress gets one line about what happens, only if something must be done
   * @throws PythonMissingException if it is not available, with what to do
   */
  public static Path prepare(Path root, PythonEnvironment python, Consumer<String> progress) {
    SparkInstallation spark = new SparkInstallation(root);
    try {
      String key = spark.key();
      if (!spark.folder.isReady(key)) {
        spark.folder.alone(
            progress,
            () -> {
              if (!spark.folder.isReady(key)) {
                spark.install(key, python.python().toString(), progress);
              }
            });
      }
      return spark.folder.folder();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot install Spark in " + spark.folder.folder(), e);
    }
  }

  private String key() throws IOException {
    return InstallFolder.key(
        Stream.of(
                "requirements.lock",
                "build-requirements.lock",
                "pom.xml",
                "jars.sha256",
                "WorkspaceCatalog.java",
                "WorkspaceCatalogs.java")
            .map(sources::resolve)
            .toList());
  }

  private void install(String key, String python, Consumer<String> progress) throws IOException {
    long begun = System.nanoTime();
    progress.accept(
        "Spark: downloading PySpark and Delta Lake (460 MB download, 500 MB on disk) to "
            + folder.folder());
    Path log = folder.folder().resolveSibling("spark.log");
    Files.deleteIfExists(log);
    folder.remove();
    Path packages = folder.folder().resolve("python");
    SetupCommand setup =
        new SetupCommand(log, Map.of("JAVA_HOME", System.getProperty("java.home")));
    setup.run(
        Duration.ofMinutes(60),
        "download PySpark from the Python package index; is it reachable?",
        List.of(
            python,
            "-m",
            "uv",
            "pip",
            "install",
            "--python",
            python,
            "--target",
            packages.toString(),
            "--require-hashes",
            "--no-deps",
            "--no-progress",
            "--build-constraints",
            sources.resolve("build-requirements.lock").toString(),
            "-r",
            sources.resolve("requirements.lock").toString()));
    Path jars = folder.folder().resolve("jars");
    setup.run(
        Duration.ofMinutes(20),
        "download Delta Lake's jars from Maven Central; is it reachable?",
        List.of(
            root.resolve(System.getProperty("os.name").startsWith("Windows") ? "mvnw.cmd" : "mvnw")
                .toString(),
            "--batch-mode",
            "--file",
            sources.resolve("pom.xml").toString(),
            "dependency:copy-dependencies",
            "-DoutputDirectory=" + jars));
    check(jars);
    compile(packages.resolve("pyspark").resolve("jars"), jars);
    progress.accept("Spark: loading it once, so that it starts faster in notebooks");
    setup.run(
        Duration.ofMinutes(10),
        "load PySpark",
        List.of(python, "-W", "ignore", "-c", LOADED, packages.toString()));
    folder.markReady(key);
    progress.accept(
        "Spark: ready after " + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s");
  }

  private void check(Path jars) throws IOException {
    for (String line : Files.readAllLines(sources.resolve("jars.sha256"))) {
      String[] wanted = line.split("\\s+", 2);
      Path jar = jars.resolve(wanted[1]);
      String found = Files.exists(jar) ? InstallFolder.sha256(jar) : "nothing";
      if (!found.equals(wanted[0])) {
        throw new PythonMissingException(
            "cannot use "
                + wanted[1]
                + ": its SHA-256 must be "
                + wanted[0]
                + " and is "
                + found
                + "; remove it from the local Maven repository and try again");
      }
    }
  }

  private void compile(Path... jars) throws IOException {
    StringBuilder classpath = new StringBuilder();
    for (Path folderOfJars : jars) {
      try (Stream<Path> files = Files.list(folderOfJars)) {
        files.forEach(file -> classpath.append(file).append(java.io.File.pathSeparator));
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new PythonMissingException(
          "cannot compile Spark's catalog: " + System.getProperty("java.home") + " is not a JDK");
    }
    Path classes = Files.createDirectories(folder.folder().resolve("classes"));
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean good =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-nowarn",
                      "-d",
                      classes.toString(),
                      "-cp",
                      classpath.toString()),
                  null,
                  files.getJavaFileObjects(
                      sources.resolve("WorkspaceCatalog.java"),
                      sources.resolve("WorkspaceCatalogs.java")))
              .call();
      if (!good) {
        throw new PythonMissingException("cannot compile Spark's catalog:\n" + said);
      }
    }
  }
}
