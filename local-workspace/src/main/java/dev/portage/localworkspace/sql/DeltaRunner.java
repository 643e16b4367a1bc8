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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the Delta tables on disk, in a short-lived Python process: sqlglot parses the statement,
 * and the deltalake package's query engine runs it.
 */
final class DeltaRunner implements SqlRunner {
  private static final long INLINE_LIMIT = 25L * 1024 * 1024;

  private final Path python;
  private final Path script;
  private final Path tables;
  private final Path folder;

  DeltaRunner(Path python, Path scripts, Path tables, Path folder) throws IOException {
    this.python = python;
    this.tables = tables;
    this.folder = folder;
    Script.extract(DeltaRunner.class, "select_statement.py", scripts);
    Script.extract(DeltaRunner.class, "table_changes.py", scripts);
    this.script = Script.extract(DeltaRunner.class, "sql_runner.py", scripts);
  }

  @Override
  public JsonNode run(Query query) throws SqlFailure, InterruptedException {
    Optional<JsonNode> listed = new TableListing(tables).answer(query);
    if (listed.isPresent()) {
      return listed.get();
    }
    ObjectNode spec =
        Json.object()
            .put("statement", query.statement())
            .put("tables", tables.toString())
            .put("catalog", query.catalog())
            .put("schema", query.schema())
            .put("row_limit", query.rowLimit())
            .put("byte_limit", INLINE_LIMIT);
    spec.set("parameters", Json.ofTexts(query.literals()));
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
          "Python exited with " + process.exitValue() + " and no result: " + lastLine(said) + ".",
          "XX000");
    }
    JsonNode answer = Json.read(Files.readAllBytes(result));
    String error = Json.text(answer, "error");
    if (error != null) {
      throw new SqlFailure(answer.path("class").asText(), error, answer.path("state").asText());
    }
    return answer;
  }

  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n') + 1);
  }
}
