package dev.portage.localworkspace.notebooks;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * PySpark with Delta Lake, in a separate folder: {@code python} holds the packages, {@code jars}
 * Delta Lake, {@code classes} the catalog that maps table names to the workspace's tables. A run
 * that uses Spark starts it in the run's own process group, so it ends with the run.
 *
 * @param folder where it is
 */
record Spark(Path folder) {
  /** The catalog of a name without one. */
  private static final String CATALOG = "main";

  private static final String LOOPBACK = "127.0.0.1";

  /** Settings of a cluster that say what its machines have, which here is what this one has. */
  private static final List<String> OF_MACHINES =
      List.of(
          "spark.driver.",
          "spark.dynamicAllocation.",
          "spark.executor.",
          "spark.jars",
          "spark.plugins");

  /** It may appear in a run's log, among the person's own lines. */
  private static final String QUIET =
      """
      rootLogger.level = error
      rootLogger.appenderRef.stderr.ref = stderr
      appender.console.type = Console
      appender.console.name = stderr
      appender.console.target = SYSTEM_ERR
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = Spark: %p %c{1}: %m%n%ex{short}
      """;

  /**
   * What a run needs in its environment, so that any session it starts is the workspace's.
   *
   * @param work a folder of the run's, for Spark's files
   * @param python what runs functions in Python
   * @param tables where Delta tables are
   * @param host where the workspace is reached
   * @param given Spark settings of the run's cluster
   * @throws IOException when the settings can't be written
   */
  Map<String, String> environment(
      Path work, Path python, Path tables, URI host, Map<String, String> given) throws IOException {
    Path settings = Files.createDirectories(work.resolve("conf"));
    try (Writer file = Files.newBufferedWriter(settings.resolve("spark-defaults.conf"))) {
      settings(work, tables, host, given).store(file, null);
    }
    Files.writeString(settings.resolve("log4j2.properties"), QUIET);
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("LOCAL_WORKSPACE_SPARK", folder.toString());
    environment.put("PYTHONPATH", folder.resolve("python").toString());
    environment.put("SPARK_CONF_DIR", settings.toString());
    environment.put("SPARK_LOCAL_IP", LOOPBACK);
    environment.put("PYSPARK_PYTHON", python.toString());
    environment.put("JAVA_HOME", Objects.requireNonNull(System.getProperty("java.home")));
    return environment;
  }

  private Properties settings(Path work, Path tables, URI host, Map<String, String> given)
      throws IOException {
    Properties settings = new Properties();
    forSmallData(settings);
    given.forEach((name, value) -> {
      if (OF_MACHINES.stream().noneMatch(name::startsWith)) {
        settings.put(name, value);
      }
    });
    settings.put("spark.master", "local[2]");
    settings.put("spark.app.name", "local-workspace");
    settings.put("spark.driver.host", LOOPBACK);
    settings.put("spark.driver.bindAddress", LOOPBACK);
    settings.put("spark.driver.memory", "1g");
    settings.put(
        "spark.driver.extraClassPath",
        folder.resolve("classes") + File.pathSeparator + folder.resolve("jars").resolve("*"));
    settings.put("spark.local.dir", work.resolve("local").toString());
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.ui.showConsoleProgress", "false");
    settings.put("spark.databricks.workspaceUrl", String.valueOf(host.getAuthority()));
    settings.put("spark.sql.warehouse.dir", work.resolve("warehouse").toString());
    settings.put("spark.sql.session.timeZone", "UTC");
    settings.put("spark.sql.sources.default", "delta");
    settings.put("spark.sql.execution.arrow.pyspark.enabled", "true");
    settings.put(
        "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension,WorkspaceCatalogs");
    settings.put(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    for (String catalog : catalogs(tables)) {
      settings.put("spark.sql.catalog." + catalog, "WorkspaceCatalog");
      settings.put("spark.sql.catalog." + catalog + ".tables", tables.toString());
    }
    settings.put("spark.sql.defaultCatalog", CATALOG);
    return settings;
  }

  /** A run lasts a minute and its tables fit in memory: what prepares for more only costs. */
  private static void forSmallData(Properties settings) {
    settings.put("spark.driver.defaultJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    settings.put("spark.sql.shuffle.partitions", "1");
    settings.put("spark.databricks.delta.snapshotPartitions", "1");
    settings.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2");
    settings.put("spark.sql.codegen.wholeStage", "false");
  }

  /** Those that tables are in, and those that every workspace has. */
  private static Set<String> catalogs(Path tables) throws IOException {
    Set<String> catalogs = new TreeSet<>(Set.of(CATALOG, "hive_metastore"));
    try (Stream<Path> folders = Files.list(tables)) {
      folders
          .map(folder -> String.valueOf(folder.getFileName()).split("\\.", -1))
          .filter(parts -> parts.length == 3)
          .forEach(parts -> catalogs.add(parts[0]));
    }
    return catalogs;
  }
}
