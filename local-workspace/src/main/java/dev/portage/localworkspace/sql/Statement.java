package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A statement under way: it runs on a thread of its own and ends once. */
final class Statement {
  private final String id;
  private final CountDownLatch over = new CountDownLatch(1);
  private State state = State.PENDING;
  private @Nullable JsonNode answer;
  private @Nullable SqlFailure failure;
  private @Nullable Thread thread;

  enum State {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELED
  }

  /** What answers it. */
  @FunctionalInterface
  interface Work {
    JsonNode run() throws SqlFailure, InterruptedException;
  }

  Statement(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  CountDownLatch over() {
    return over;
  }

  synchronized void begin(Work work) {
    thread = Thread.ofVirtual().name("statement-" + id).start(() -> go(work));
  }

  private void go(Work work) {
    synchronized (this) {
      if (state != State.PENDING) {
        return;
      }
      state = State.RUNNING;
    }
    try {
      end(State.SUCCEEDED, work.run(), null);
    } catch (SqlFailure e) {
      end(State.FAILED, null, e);
    } catch (InterruptedException e) {
      end(State.CANCELED, null, null);
    } catch (RuntimeException e) {
      end(
          State.FAILED,
          null,
          new SqlFailure(
              "INTERNAL_ERROR", "Unexpected failure in the local workspace: " + e, "XX000"));
    }
  }

  private synchronized void end(State next, @Nullable JsonNode came, @Nullable SqlFailure failed) {
    if (over.getCount() > 0) {
      state = next;
      answer = came;
      failure = failed;
      over.countDown();
    }
  }

  /** Stops it, unless it has ended. */
  synchronized void cancel() {
    end(State.CANCELED, null, null);
    if (thread != null) {
      thread.interrupt();
    }
  }

  synchronized ObjectNode json() {
    ObjectNode json = Json.object().put("statement_id", id);
    ObjectNode status = json.putObject("status").put("state", state.name());
    if (failure != null) {
      status.put("sql_state", failure.sqlState());
      status.putObject("error").put("error_code", "BAD_REQUEST").put("message", failure.text());
    }
    if (answer != null) {
      fill(json, answer);
    }
    return json;
  }

  private static ObjectNode chunk(JsonNode answer) {
    ObjectNode chunk =
        Json.object()
            .put("chunk_index", 0)
            .put("row_offset", 0)
            .put("row_count", answer.path("rows").size());
    if (!answer.path("rows").isEmpty()) {
      chunk.set("data_array", answer.path("rows"));
    }
    return chunk;
  }

  private static void fill(ObjectNode json, JsonNode answer) {
    ArrayNode columns = Json.list(answer, "columns");
    int rows = answer.path("rows").size();
    ObjectNode manifest = json.putObject("manifest").put("format", "JSON_ARRAY");
    ObjectNode schema = manifest.putObject("schema").put("column_count", columns.size());
    schema.set("columns", columns);
    manifest
        .put("total_chunk_count", rows == 0 ? 0 : 1)
        .put("total_row_count", rows)
        .put("truncated", answer.path("truncated").asBoolean());
    if (rows > 0) {
      manifest
          .putArray("chunks")
          .addObject()
          .put("chunk_index", 0)
          .put("row_offset", 0)
          .put("row_count", rows);
    }
    json.set("result", chunk(answer));
  }
}
