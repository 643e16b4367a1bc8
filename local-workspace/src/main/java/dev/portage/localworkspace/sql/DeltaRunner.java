package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.notebooks.Script;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the Delta tables on disk, by the query engine of the deltalake package, in a short
 * Python process.
 */
final class DeltaRunner implements SqlRunner {
  private static final long INLINE_LIMIT = 25L * 1024 * 1024;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]*");

  private final Path python;
  private final Path script;
  private final Path tables;
  private final Path folder;

  DeltaRunner(Path python, Path scripts, Path tables, Path folder) throws IOException {
    this.python = python;
    this.tables = tables;
    this.folder = folder;
    this.script = Script.extract(DeltaRunner.class, "sql_runner.py", scripts);
  }

  @Override
  public JsonNode run(
      SelectStatement select,
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable Long rowLimit)
      throws SqlFailure, InterruptedException {
    ObjectNode spec =
        Json.object()
            .put("statement", select.sql())
            .put("row_limit", rowLimit)
            .put("byte_limit", INLINE_LIMIT);
    ObjectNode byName = spec.putObject("tables");
    for (var table : select.tables().entrySet()) {
      byName.put(table.getKey(), find(table.getValue(), catalog, schema).toString());
    }
    try {
      Files.createDirectories(folder);
      Path work = Files.createTempDirectory(folder, "statement");
      try {
        return answer(work, spec);
      } finally {
        try (Stream<Path> files = Files.list(work)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(work);
      }
    } catch (IOException e) {
      throw new SqlFailure(
          "INTERNAL_ERROR", "The statement could not be run: " + e.getMessage(), "XX000");
    }
  }

  private JsonNode answer(Path work, ObjectNode spec)
      throws IOException, SqlFailure, InterruptedException {
    Path result = work.resolve("result.json");
    Path log = work.resolve("output.log");
    spec.put("result", result.toString());
    Path specFile = work.resolve("spec.json");
    Files.write(specFile, Json.bytes(spec));
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), script.toString(), specFile.toString())
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().put("HOME", work.toString());
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().put("PYTHONUTF8", "1");
    builder.environment().put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    Process process = builder.start();
    try {
      process.waitFor();
    } finally {
      process.destroyForcibly().waitFor();
    }
    if (Files.notExists(result)) {
      String said = Files.readString(log, StandardCharsets.UTF_8).strip();
      throw new SqlFailure(
          "INTERNAL_ERROR",
          "Python ended with " + process.exitValue() + " and no result: " + lastLine(said) + ".",
          "XX000");
    }
    JsonNode answer = Json.read(Files.readAllBytes(result));
    String error = Json.text(answer, "error");
    if (error != null) {
      throw failure(error);
    }
    return answer;
  }

  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  private static SqlFailure failure(String error) {
    if (error.contains("No field named")) {
      return new SqlFailure("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", error, "42703");
    }
    if (error.contains("ParserError") || error.contains("SQL error")) {
      return new SqlFailure("PARSE_SYNTAX_ERROR", error, "42601");
    }
    if (error.startsWith("INLINE_LIMIT")) {
      return new SqlFailure("INLINE_BYTE_LIMIT_EXCEEDED", error, "54000");
    }
    return new SqlFailure("QUERY_EXECUTION_FAILED", error, "58000");
  }

  private Path find(List<String> parts, @Nullable String catalog, @Nullable String schema)
      throws SqlFailure {
    List<String> full = new ArrayList<>(parts);
    if (full.size() == 1 && schema != null) {
      full.addFirst(schema);
    }
    if (full.size() == 2 && catalog != null) {
      full.addFirst(catalog);
    }
    boolean named =
        full.size() <= 3 && full.stream().allMatch(part -> NAME.matcher(part).matches());
    Path path = named ? tables.resolve(String.join(".", full)) : tables;
    if (!named || !Files.isDirectory(path.resolve("_delta_log"))) {
      throw new SqlFailure(
          "TABLE_OR_VIEW_NOT_FOUND",
          "The table or view `"
              + String.join("`.`", full)
              + "` cannot be found. Verify the spelling and correctness of the schema and catalog.",
          "42P01");
    }
    return path;
  }
}
