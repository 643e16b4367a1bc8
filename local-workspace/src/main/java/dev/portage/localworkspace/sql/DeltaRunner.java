package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.notebooks.Script;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the Delta tables on disk, in Python processes: sqlglot parses the statement, and the
 * deltalake package's query engine runs it.
 */
final class DeltaRunner implements SqlRunner {
  private static final long INLINE_LIMIT = 25L * 1024 * 1024;

  /** So many processes stay for the next statements; more run while more statements do. */
  private static final int KEPT = 2;

  private final Path python;
  private final Path script;
  private final Path tables;
  private final Path folder;
  private final Deque<StatementProcess> idle = new ArrayDeque<>();
  private final Set<StatementProcess> busy = new HashSet<>();
  private boolean closed;

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
    JsonNode answer;
    try {
      answer = answer(spec);
    } catch (IOException e) {
      throw new SqlFailure(
          "INTERNAL_ERROR", "The statement could not be run: " + e.getMessage(), "XX000");
    }
    String error = Json.text(answer, "error");
    if (error != null) {
      throw new SqlFailure(answer.path("class").asText(), error, answer.path("state").asText());
    }
    return answer;
  }

  /** A process that gave no answer, or none in time, is not used again. */
  private JsonNode answer(JsonNode spec) throws IOException, InterruptedException {
    StatementProcess process = take();
    boolean answered = false;
    try {
      JsonNode answer = process.answer(spec);
      answered = true;
      return answer;
    } finally {
      if (!isKept(process, answered)) {
        process.close();
      }
    }
  }

  private StatementProcess take() throws IOException {
    synchronized (idle) {
      if (closed) {
        throw new IOException("the workspace is stopping");
      }
      StatementProcess process = idle.poll();
      while (process != null && !process.isAlive()) {
        process.close();
        process = idle.poll();
      }
      if (process == null) {
        process = StatementProcess.start(python, script, folder);
      }
      busy.add(process);
      return process;
    }
  }

  private boolean isKept(StatementProcess process, boolean answered) {
    synchronized (idle) {
      busy.remove(process);
      return answered && !closed && idle.size() < KEPT && idle.offerFirst(process);
    }
  }

  /** Ends all processes, and with them the statements that they are at. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(StatementProcess::close);
      busy.forEach(StatementProcess::close);
      idle.clear();
    }
  }
}
