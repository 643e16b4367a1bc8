package dev.portage.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.portage.temporal.Payloads;
import io.temporal.worker.WorkerFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether this worker can work, as {@code /health} reports it.
 *
 * @param status "up" or "down"
 * @param temporal address of Temporal
 * @param namespace its namespace
 * @param workspaces those served here
 * @param problem what is amiss, null when nothing is
 */
record Health(
    String status,
    String temporal,
    String namespace,
    List<String> workspaces,
    @Nullable String problem) {

  Health {
    workspaces = List.copyOf(workspaces);
  }

  /** Looks now: Temporal has to answer, and the pollers have to run. */
  static Health look(TemporalClient temporal, WorkerFactory factory, List<String> workspaces) {
    @Nullable String problem = null;
    if (!factory.isStarted() || factory.isShutdown()) {
      problem = "not accepting work: the worker is starting or stopping";
    } else if (!temporal.answers()) {
      problem = "Temporal is not responding";
    }
    return new Health(
        problem == null ? "up" : "down",
        temporal.address(),
        temporal.namespace(),
        workspaces,
        problem);
  }

  /** 200 for up, 503 for down. */
  StatusServer.Page page() {
    try {
      return new StatusServer.Page(
          problem == null ? 200 : 503,
          "application/json",
          Payloads.mapper().writeValueAsString(this) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record cannot be written as JSON", e);
    }
  }
}
