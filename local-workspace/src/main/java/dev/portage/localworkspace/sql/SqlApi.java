package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The SQL statements API, for SELECT and changes of one table, with inline JSON results.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/statementexecution">Statement Execution
 *     API reference</a>
 */
public final class SqlApi implements AutoCloseable {
  private static final int KEPT = 100;

  private static final Shape EXECUTE =
      Shape.fields()
          .needs("warehouse_id", Shape.text())
          .needs("statement", Shape.text(16 * 1024 * 1024))
          .with("catalog", Shape.text(255))
          .with("schema", Shape.text(255))
          .with(
              "parameters",
              Shape.listOf(
                  Shape.fields()
                      .needs("name", Shape.text(255, "[A-Za-z_][A-Za-z0-9_]*", "a name"))
                      .with("value", Shape.text())
                      .with("type", Shape.text()),
                  256))
          .with("wait_timeout", Shape.text(4, "\\d{1,2}s", "a number of seconds, such as 30s"))
          .with("on_wait_timeout", Shape.oneOf("CONTINUE", "CANCEL"))
          .with("disposition", Shape.oneOf("INLINE"))
          .with("format", Shape.oneOf("JSON_ARRAY"))
          .with("row_limit", Shape.whole(1, Integer.MAX_VALUE))
          .lacks("byte_limit", "query_tags");

  private final List<Warehouse> warehouses;
  private final @Nullable SqlRunner runner;
  private final Map<String, Statement> statements =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Statement> eldest) {
          return size() > KEPT;
        }
      };

  SqlApi(List<Warehouse> warehouses, @Nullable SqlRunner runner) {
    this.warehouses = List.copyOf(warehouses);
    this.runner = runner;
  }

  /**
   * Answers from Delta tables on disk.
   *
   * @param python a Python with deltalake, pyarrow and sqlglot; null where statements can't be run
   * @param scripts a folder for the runner's own script
   * @param tables where the tables are, one folder each
   * @param folder for working files
   * @throws IOException when the script can't be written
   */
  public static SqlApi onDelta(
      List<Warehouse> warehouses, @Nullable Path python, Path scripts, Path tables, Path folder)
      throws IOException {
    return new SqlApi(
        warehouses, python == null ? null : new DeltaRunner(python, scripts, tables, folder));
  }

  /** Adds the calls. */
  public void addTo(ApiRoutes routes) {
    String base = "/api/2.0/sql/statements";
    routes.on(HandlerType.POST, base, Right.SQL_USE, this::execute);
    routes.on(HandlerType.GET, base + "/{id}", Right.SQL_USE, this::get);
    routes.on(HandlerType.POST, base + "/{id}/cancel", Right.SQL_USE, this::cancel);
    routes.on(HandlerType.GET, "/api/2.0/sql/warehouses", Right.SQL_USE, this::list);
  }

  private void execute(ApiCall call) throws InterruptedException {
    JsonNode body = call.body(EXECUTE);
    String warehouse = body.get("warehouse_id").asText();
    if (warehouses.stream().noneMatch(known -> known.id().equals(warehouse))) {
      throw ApiRefusal.invalidParameter(warehouse + " is not a valid endpoint id.");
    }
    SqlRunner answering = runner;
    if (answering == null) {
      throw ApiRefusal.unavailable("This workspace has no Python to run SQL statements");
    }
    long wait = waitSeconds(body);
    boolean cancelLate = "CANCEL".equals(Json.text(body, "on_wait_timeout"));
    if (wait == 0 && cancelLate) {
      throw ApiRefusal.invalidParameter("on_wait_timeout can't be CANCEL when wait_timeout is 0s");
    }
    Map<String, String> literals = new HashMap<>();
    for (JsonNode parameter : Json.list(body, "parameters")) {
      literals.put(parameter.get("name").asText(), SqlParameter.literal(parameter));
    }
    Long rowLimit = body.hasNonNull("row_limit") ? (Long) body.get("row_limit").asLong() : null;
    Statement statement = new Statement(UUID.randomUUID().toString());
    synchronized (statements) {
      statements.put(statement.id(), statement);
    }
    statement.begin(() ->
        answering.run(
            new SqlRunner.Query(
                body.get("statement").asText(),
                literals,
                Json.text(body, "catalog"),
                Json.text(body, "schema"),
                rowLimit)));
    if (wait > 0 && !statement.over().await(wait, TimeUnit.SECONDS) && cancelLate) {
      statement.cancel();
    }
    call.answer(statement.json());
  }

  private static long waitSeconds(JsonNode body) {
    String text = Json.text(body, "wait_timeout");
    long seconds = text == null ? 10 : Long.parseLong(text.substring(0, text.length() - 1));
    if (seconds != 0 && (seconds < 5 || seconds > 50)) {
      throw ApiRefusal.invalidParameter(
          "wait_timeout must be 0s, or between 5s and 50s, not " + text);
    }
    return seconds;
  }

  private void get(ApiCall call) {
    call.answer(find(call).json());
  }

  private void cancel(ApiCall call) {
    find(call).cancel();
    call.answer(Json.object());
  }

  private Statement find(ApiCall call) {
    String id = call.exchange().pathParam("id");
    synchronized (statements) {
      Statement statement = statements.get(id);
      if (statement == null) {
        throw ApiRefusal.notFound("NOT_FOUND", "The statement " + id + " was not found.");
      }
      return statement;
    }
  }

  private void list(ApiCall call) {
    call.onlyQuery("run_as_user_id", "page_size", "page_token");
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("warehouses");
    for (Warehouse warehouse : warehouses) {
      list.addObject()
          .put("id", warehouse.id())
          .put("name", warehouse.name())
          .put("cluster_size", "2X-Small")
          .put("state", "RUNNING")
          .put("warehouse_type", "PRO")
          .put("enable_serverless_compute", true)
          .put("num_clusters", 1);
    }
    call.answer(answer);
  }

  @Override
  public void close() {
    synchronized (statements) {
      statements.values().forEach(Statement::cancel);
    }
    if (runner != null) {
      runner.close();
    }
  }
}
