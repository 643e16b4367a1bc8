import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.NonEmptyNamespaceException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.StagingTableCatalog;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableCatalogCapability;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableInfo;
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.delta.catalog.DeltaCatalog;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A catalog of the local workspace, for Spark: {@code catalog.schema.table} is the Delta table in
 * the folder of that name, where the workspace's SQL statements find it too. Delta Lake's own
 * catalog does the work, by the table's path.
 *
 * <p>It is compiled when Spark is installed, against the jars that are installed; so the build
 * needs no Spark.
 */
public final class WorkspaceCatalog
    implements StagingTableCatalog, SupportsNamespaces, FunctionCatalog {
  /** The catalog and schema of a name with one or two parts; the same as for SQL statements. */
  private static final String CATALOG = "main";

  private static final String SCHEMA = "default";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]*");

  private String name = "";
  private Path tables = Path.of("");

  @Override
  public void initialize(String name, CaseInsensitiveStringMap options) {
    this.name = name;
    this.tables = Path.of(options.get("tables"));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String[] defaultNamespace() {
    return new String[] {SCHEMA};
  }

  private static DeltaCatalog delta() {
    return (DeltaCatalog) SparkSession.active().sessionState().catalogManager().v2SessionCatalog();
  }

  // Names

  /**
   * Catalog, schema and table. Of a catalog that Spark does not know, the namespace has two parts.
   */
  private List<String> full(Identifier table) {
    String[] in = table.namespace();
    List<String> parts =
        switch (in.length) {
          case 0 -> List.of(name, SCHEMA, table.name());
          case 1 -> List.of(name, in[0], table.name());
          case 2 -> List.of(in[0], in[1], table.name());
          default -> List.of();
        };
    if (parts.isEmpty() || !parts.stream().allMatch(part -> NAME.matcher(part).matches())) {
      throw new IllegalArgumentException(
          "Not a table's name: " + String.join(".", in) + "." + table.name());
    }
    return parts;
  }

  /** The table's folder, also where it was written under a shorter name. */
  private Path folder(Identifier table) {
    List<String> full = full(table);
    Path first = tables.resolve(String.join(".", full));
    if (isTable(first) || !full.getFirst().equals(CATALOG)) {
      return first;
    }
    Path second = tables.resolve(full.get(1) + "." + full.get(2));
    if (isTable(second) || !full.get(1).equals(SCHEMA)) {
      return isTable(second) ? second : first;
    }
    Path third = tables.resolve(full.get(2));
    return isTable(third) ? third : first;
  }

  private static boolean isTable(Path folder) {
    return Files.isDirectory(folder.resolve("_delta_log"));
  }

  private Identifier path(Identifier table) {
    return Identifier.of(new String[] {"delta"}, folder(table).toString());
  }

  private Identifier existing(Identifier table) throws NoSuchTableException {
    if (!tableExists(table)) {
      throw new NoSuchTableException(table);
    }
    return path(table);
  }

  private Identifier absent(Identifier table) throws TableAlreadyExistsException {
    if (tableExists(table)) {
      throw new TableAlreadyExistsException(table);
    }
    return path(table);
  }

  // Tables

  @Override
  public Set<TableCatalogCapability> capabilities() {
    return delta().capabilities();
  }

  @Override
  public boolean tableExists(Identifier table) {
    return isTable(folder(table));
  }

  @Override
  public Table loadTable(Identifier table) throws NoSuchTableException {
    return delta().loadTable(existing(table));
  }

  @Override
  public Table loadTable(Identifier table, Set<TableWritePrivilege> privileges)
      throws NoSuchTableException {
    return loadTable(table);
  }

  @Override
  public Table loadTable(Identifier table, String version) throws NoSuchTableException {
    return delta().loadTable(existing(table), version);
  }

  @Override
  public Table loadTable(Identifier table, long timestamp) throws NoSuchTableException {
    return delta().loadTable(existing(table), timestamp);
  }

  @Override
  public Table createTable(Identifier table, TableInfo info)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return delta().createTable(absent(table), checked(info));
  }

  @Override
  public StagedTable stageCreate(Identifier table, TableInfo info)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    return delta().stageCreate(absent(table), checked(info));
  }

  @Override
  public StagedTable stageReplace(Identifier table, TableInfo info)
      throws NoSuchNamespaceException, NoSuchTableException {
    return delta().stageReplace(existing(table), checked(info));
  }

  @Override
  public StagedTable stageCreateOrReplace(Identifier table, TableInfo info)
      throws NoSuchNamespaceException {
    return delta().stageCreateOrReplace(path(table), checked(info));
  }

  private static TableInfo checked(TableInfo info) {
    Map<String, String> asked = info.properties();
    String provider = asked.getOrDefault(TableCatalog.PROP_PROVIDER, "delta");
    if (!provider.toLowerCase(Locale.ROOT).equals("delta")) {
      throw new UnsupportedOperationException(
          "A local workspace keeps Delta tables only, not "
              + provider
              + ": write.format(\"delta\")");
    }
    if (asked.containsKey(TableCatalog.PROP_LOCATION)) {
      throw new UnsupportedOperationException(
          "A local workspace keeps its tables itself: leave out LOCATION and the path");
    }
    return info;
  }

  @Override
  public Table alterTable(Identifier table, TableChange... changes) throws NoSuchTableException {
    return delta().alterTable(existing(table), changes);
  }

  @Override
  public boolean dropTable(Identifier table) {
    if (!tableExists(table)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(folder(table))) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean purgeTable(Identifier table) {
    return dropTable(table);
  }

  @Override
  public void renameTable(Identifier from, Identifier to)
      throws NoSuchTableException, TableAlreadyExistsException {
    Path before = Path.of(existing(from).name());
    Path after = Path.of(absent(to).name());
    try {
      Files.move(before, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Schemas: each exists as soon as it is used.

  @Override
  public Identifier[] listTables(String[] namespace) {
    List<String> schema = schema(namespace);
    return all()
        .filter(parts -> parts.subList(0, 2).equals(schema))
        .map(parts -> Identifier.of(namespace, parts.get(2)))
        .distinct()
        .toArray(Identifier[]::new);
  }

  private List<String> schema(String[] namespace) {
    return namespace.length == 2
        ? List.of(namespace)
        : List.of(name, namespace.length == 1 ? namespace[0] : SCHEMA);
  }

  private Stream<List<String>> all() {
    try (Stream<Path> folders = Files.list(tables)) {
      return folders
          .filter(WorkspaceCatalog::isTable)
          .map(folder -> Arrays.asList(folder.getFileName().toString().split("\\.")))
          .filter(parts -> parts.size() <= 3)
          .map(parts ->
              switch (parts.size()) {
                case 1 -> List.of(CATALOG, SCHEMA, parts.get(0));
                case 2 -> List.of(CATALOG, parts.get(0), parts.get(1));
                default -> parts;
              })
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String[][] listNamespaces() {
    Stream<String> written =
        all().filter(parts -> parts.get(0).equals(name)).map(parts -> parts.get(1));
    return Stream.concat(Stream.of(SCHEMA), written)
        .distinct()
        .sorted()
        .map(schema -> new String[] {schema})
        .toArray(String[][]::new);
  }

  @Override
  public String[][] listNamespaces(String[] namespace) {
    return namespace.length == 0 ? listNamespaces() : new String[0][];
  }

  @Override
  public boolean namespaceExists(String[] namespace) {
    return namespace.length <= 2;
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(String[] namespace) {
    return Map.of();
  }

  @Override
  public void createNamespace(String[] namespace, Map<String, String> metadata) {
    // It already exists.
  }

  @Override
  public void alterNamespace(String[] namespace, NamespaceChange... changes) {
    throw new UnsupportedOperationException("A local workspace keeps nothing about schemas");
  }

  @Override
  public boolean dropNamespace(String[] namespace, boolean cascade)
      throws NonEmptyNamespaceException {
    Identifier[] held = listTables(namespace);
    if (held.length > 0 && !cascade) {
      throw new NonEmptyNamespaceException(namespace);
    }
    for (Identifier table : held) {
      dropTable(table);
    }
    return true;
  }

  // Functions: Spark's own and those of the session, which it finds itself.

  @Override
  public Identifier[] listFunctions(String[] namespace) {
    return new Identifier[0];
  }

  @Override
  public UnboundFunction loadFunction(Identifier function) throws NoSuchFunctionException {
    throw new NoSuchFunctionException(function);
  }
}
