package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Experiments of an MLflow server. */
public final class Experiments {
  private static final int PAGE = 1000;
  private static final String CREATE = "experiments/create";

  private final MlflowServer server;

  Experiments(MlflowServer server) {
    this.server = server;
  }

  /** All that are not deleted. */
  public List<Experiment> active() {
    List<Experiment> found = new ArrayList<>();
    String token = "";
    do {
      ObjectNode body =
          MlflowServer.object().put("max_results", PAGE).put("view_type", "ACTIVE_ONLY");
      if (!token.isEmpty()) {
        body.put("page_token", token);
      }
      JsonNode page = server.post("list experiments", "experiments/search", body);
      page.path("experiments").forEach(node -> found.add(read(node)));
      token = Json.text(page, "next_page_token");
    } while (!token.isEmpty());
    return found;
  }

  /** One by its id. */
  public Experiment get(String id) {
    JsonNode json =
        server.get("read experiment " + id, "experiments/get", Map.of("experiment_id", id));
    return read(json.path("experiment"));
  }

  /** One by its name; deleted ones are found too. */
  public Optional<Experiment> named(String name) {
    String place = place(name);
    String tried = "find experiment " + place;
    String path = "experiments/get-by-name";
    HttpAnswer answer = server.ask(tried, path, Map.of("experiment_name", place));
    if (answer.isError(MlflowErrors.ABSENT)) {
      return Optional.empty();
    }
    return Optional.of(read(server.good(tried, path, answer).path("experiment")));
  }

  /**
   * Gets one by its name, creating it and its folders if missing. Two concurrent calls create one.
   */
  public Experiment namedOrNew(String name) {
    Optional<Experiment> known = named(name);
    if (known.isEmpty()) {
      String place = place(name);
      String tried = "create experiment " + place;
      HttpAnswer answer = create(tried, place);
      Optional<ExperimentFolders> folders = server.folders();
      if (folders.isPresent() && ExperimentFolders.lacksFolder(answer)) {
        folders.get().make(ExperimentFolders.parent(place));
        answer = create(tried, place);
      }
      if (!answer.isError(MlflowErrors.EXISTS)) {
        String id = Json.text(server.good(tried, CREATE, answer), "experiment_id");
        return new Experiment(id, place, true, "");
      }
      known = named(name);
    }
    if (known.isEmpty()) {
      throw server.failure(
          FailureKind.USER,
          "use experiment " + name,
          "something with that name exists, but this login sees no such experiment",
          "Name another experiment, or give the login access to that one.");
    }
    if (!known.get().active()) {
      throw server.failure(
          FailureKind.USER,
          "use experiment " + name,
          "it is deleted",
          "Restore it, or name another one.");
    }
    return known.get();
  }

  private HttpAnswer create(String tried, String place) {
    return server.send(tried, "POST", CREATE, MlflowServer.object().put("name", place));
  }

  /** What a name means if it is a path. */
  private String place(String name) {
    return server.folders().map(folders -> folders.path(name)).orElse(name);
  }

  private static Experiment read(JsonNode node) {
    return new Experiment(
        Json.text(node, "experiment_id"),
        Json.text(node, "name"),
        !Json.text(node, "lifecycle_stage").equals("deleted"),
        Json.text(node, "artifact_location"));
  }
}
