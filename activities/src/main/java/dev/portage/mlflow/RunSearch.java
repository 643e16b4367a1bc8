package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.HttpAnswer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Searches for runs: page by page, as many at once as a response can hold. */
final class RunSearch {
  private static final int EXPERIMENTS_A_SEARCH = 100;

  /** Runs per request at most, as MLflow takes it. */
  private static final int PAGE = 1000;

  /** Runs per request, each complete; fewer if a response would be too long. */
  private static final int RUNS_A_PAGE = 200;

  private static final String NEWEST_FIRST = "attributes.start_time DESC";

  private final MlflowServer server;

  RunSearch(MlflowServer server) {
    this.server = server;
  }

  /** Active runs with this tag, in no special order. For what is known to be few. */
  List<Run> withTag(List<String> experimentIds, String key, String value) {
    List<Run> found = new ArrayList<>();
    RunFilter filter = new RunFilter(key, value, false);
    search(experimentIds, filter, found::add, () -> true);
    return found;
  }

  /**
   * Active runs of an experiment with these tags, those that started last first.
   *
   * @param atOnce how many to request at once, for what is expected to be enough
   * @param each called once for every run
   * @param goesOn called before each page
   */
  void newestWithTag(
      String experimentId, RunTag tag, int atOnce, Consumer<Run> each, BooleanSupplier goesOn) {
    search(
        List.of(experimentId),
        new Order(new RunFilter(tag.key(), tag.value(), false, tag.also()), NEWEST_FIRST),
        Math.clamp(atOnce, 1, PAGE),
        each,
        goesOn);
  }

  /** Which runs, and in which order; null for any. */
  private record Order(RunFilter filter, @Nullable String by) {}

  /**
   * Active runs that a filter lets pass, one after the other, in no special order.
   *
   * @param each called once for every run; it should keep only what it needs
   * @param goesOn called before each page
   * @return false if it stopped early
   */
  boolean search(
      List<String> experimentIds, RunFilter filter, Consumer<Run> each, BooleanSupplier goesOn) {
    return search(experimentIds, new Order(filter, null), RUNS_A_PAGE, each, goesOn);
  }

  private boolean search(
      List<String> experimentIds,
      Order order,
      int atOnce,
      Consumer<Run> each,
      BooleanSupplier goesOn) {
    Set<String> reported = new HashSet<>();
    Consumer<Run> once =
        run -> {
          // Pages overlap when something changes between two of them, or when they are requested
          // again.
          if (reported.add(run.id())) {
            each.accept(run);
          }
        };
    for (int from = 0; from < experimentIds.size(); from += EXPERIMENTS_A_SEARCH) {
      List<String> some =
          experimentIds.subList(from, Math.min(experimentIds.size(), from + EXPERIMENTS_A_SEARCH));
      int size = atOnce;
      Paged paged = pages(some, order, size, once, goesOn);
      while (paged == Paged.TOO_LONG) {
        size = Math.max(1, size / 10);
        paged = pages(some, order, size, once, goesOn);
      }
      if (paged == Paged.STOPPED) {
        return false;
      }
    }
    return true;
  }

  private enum Paged {
    TO_THE_END,
    /** A page is too long to be read. */
    TOO_LONG,
    STOPPED
  }

  private Paged pages(
      List<String> experimentIds,
      Order order,
      int size,
      Consumer<Run> each,
      BooleanSupplier goesOn) {
    RunFilter filter = order.filter();
    String token = "";
    do {
      if (!goesOn.getAsBoolean()) {
        return Paged.STOPPED;
      }
      ObjectNode body =
          MlflowServer.object()
              .put("filter", filter.text())
              .put("run_view_type", "ACTIVE_ONLY")
              .put("max_results", size);
      experimentIds.forEach(body.putArray("experiment_ids")::add);
      if (order.by() != null) {
        body.putArray("order_by").add(order.by());
      }
      if (!token.isEmpty()) {
        body.put("page_token", token);
      }
      Optional<JsonNode> page =
          size > 1
              ? server.postForLittle(filter.tried(), "runs/search", body)
              : Optional.of(server.post(filter.tried(), "runs/search", body));
      if (page.isEmpty()) {
        return Paged.TOO_LONG;
      }
      for (JsonNode node : page.get().path("runs")) {
        Run run = RunJson.read(server, node, filter.tried());
        // The server's word on a filter counts for little where a wrong run would be deleted.
        if (run.active() && filter.letsPass(run)) {
          each.accept(run);
        }
      }
      token = Json.text(page.get(), "next_page_token");
    } while (!token.isEmpty());
    return Paged.TO_THE_END;
  }

  /** Whether the server can leave out nested runs itself, as MLflow 3 can. */
  boolean canLeaveOutNested(List<String> experimentIds) {
    RunFilter filter = new RunFilter("mlflow.runName", "", true);
    ObjectNode body = MlflowServer.object().put("filter", filter.text()).put("max_results", 1);
    experimentIds.stream().limit(1).forEach(body.putArray("experiment_ids")::add);
    HttpAnswer answer = server.send(filter.tried(), "POST", "runs/search", body);
    if (answer.status() == 400) {
      return false;
    }
    server.good(filter.tried(), "runs/search", answer);
    return true;
  }
}
