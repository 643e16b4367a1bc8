package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registered models and their versions on an MLflow server. */
public final class RegisteredModels {
  private static final int PAGE = 1000;

  private final MlflowServer server;

  RegisteredModels(MlflowServer server) {
    this.server = server;
  }

  /** Creates the registered model if it is missing. Two concurrent calls create one. */
  public void ensure(String model) {
    if (aliases(model).isPresent()) {
      return;
    }
    String tried = "create registered model " + model;
    String path = "registered-models/create";
    HttpAnswer answer = server.send(tried, "POST", path, MlflowServer.object().put("name", model));
    if (!answer.isError(MlflowErrors.EXISTS)) {
      server.good(tried, path, answer);
    }
  }

  /** Its aliases and the version each points at; empty when there is no such registered model. */
  public Optional<Map<String, Long>> aliases(String model) {
    String tried = "read registered model " + model;
    String path = "registered-models/get";
    HttpAnswer answer = server.ask(tried, path, Map.of("name", model));
    if (answer.isError(MlflowErrors.ABSENT)) {
      return Optional.empty();
    }
    Map<String, Long> aliases = new LinkedHashMap<>();
    JsonNode found = server.good(tried, path, answer).path("registered_model");
    for (JsonNode alias : found.path("aliases")) {
      Long version = Json.number(alias, "version");
      if (version != null) {
        aliases.put(Json.text(alias, "alias"), version);
      }
    }
    return Optional.of(aliases);
  }

  /** A tag of the registered model itself; empty when it has none by that key. */
  public Optional<String> tagOf(String model, String key) {
    JsonNode found =
        server
            .get("read tag " + key + " of " + model, "registered-models/get", Map.of("name", model))
            .path("registered_model");
    return Optional.ofNullable(Json.map(found.path("tags")).get(key));
  }

  /** Sets a tag on the registered model itself; repeating is harmless. */
  public void tag(String model, String key, String value) {
    server.set(
        "write tag " + key + " of " + model,
        "registered-models/set-tag",
        MlflowServer.object().put("name", model).put("key", key).put("value", value));
  }

  /** Points an alias at a version; where it pointed before is forgotten by the server. */
  public void alias(String model, String alias, long version) {
    server.set(
        "set alias " + alias + " of " + model,
        "registered-models/alias",
        MlflowServer.object()
            .put("name", model)
            .put("alias", alias)
            .put("version", String.valueOf(version)));
  }

  /** Drops an alias; a server that has none of that name has nothing to do. */
  public void dropAlias(String model, String alias) {
    String tried = "drop alias " + alias + " of " + model;
    String path = "registered-models/alias";
    HttpAnswer answer =
        server.send(
            tried, "DELETE", path, MlflowServer.object().put("name", model).put("alias", alias));
    if (!answer.isNotThere()) {
      server.good(tried, path, answer);
    }
  }

  /** Moves a version to a stage. */
  public void stage(String model, long version, String stage, boolean archiveOthers) {
    server.post(
        "move version " + version + " of " + model + " to " + stage,
        "model-versions/transition-stage",
        MlflowServer.object()
            .put("name", model)
            .put("version", String.valueOf(version))
            .put("stage", stage)
            .put("archive_existing_versions", archiveOthers));
  }

  /** All versions, lowest number first; empty when there is no such registered model. */
  public List<RegisteredVersion> versions(String model) {
    String tried = "search versions of " + model;
    // By number, since pages overlap and gap when something changes between two of them.
    Map<Long, RegisteredVersion> found = new LinkedHashMap<>();
    String token = "";
    do {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("filter", "name=" + Json.quoted(model));
      query.put("max_results", String.valueOf(PAGE));
      if (!token.isEmpty()) {
        query.put("page_token", token);
      }
      HttpAnswer answer = server.ask(tried, "model-versions/search", query);
      if (answer.isError(MlflowErrors.ABSENT)) {
        return List.of();
      }
      JsonNode page = server.good(tried, "model-versions/search", answer);
      for (JsonNode node : page.path("model_versions")) {
        RegisteredVersion version = read(node, tried);
        if (version.model().equals(model)) {
          found.put(version.number(), version);
        }
      }
      token = Json.text(page, "next_page_token");
    } while (!token.isEmpty());
    List<RegisteredVersion> sorted = new ArrayList<>(found.values());
    sorted.sort(Comparator.comparingLong(RegisteredVersion::number));
    return sorted;
  }

  /** One version. A user error when there is none. */
  public RegisteredVersion version(String model, long number) {
    return find(model, number)
        .orElseThrow(() ->
            server.failure(
                FailureKind.USER,
                "read version " + number + " of " + model,
                "it does not exist",
                "Name one that the registry lists."));
  }

  /** One version, if there is one of this number. */
  public Optional<RegisteredVersion> find(String model, long number) {
    String tried = "read version " + number + " of " + model;
    String path = "model-versions/get";
    HttpAnswer answer =
        server.ask(tried, path, Map.of("name", model, "version", String.valueOf(number)));
    if (answer.isError(MlflowErrors.ABSENT)) {
      return Optional.empty();
    }
    return Optional.of(read(server.good(tried, path, answer).path("model_version"), tried));
  }

  /** Makes a version. Not to be repeated blindly: a second call makes a second one. */
  public RegisteredVersion create(
      String model,
      String source,
      String runId,
      @Nullable String modelId,
      Map<String, String> tags,
      String description) {
    ObjectNode body =
        MlflowServer.object()
            .put("name", model)
            .put("source", source)
            .put("run_id", runId)
            .put("description", description);
    if (modelId != null) {
      body.put("model_id", modelId);
    }
    Json.list(body, "tags", tags);
    String tried = "create a version of " + model;
    return read(server.post(tried, "model-versions/create", body).path("model_version"), tried);
  }

  /** Deletes a version, or finds it gone. */
  public void delete(String model, long number) {
    String tried = "delete version " + number + " of " + model;
    String path = "model-versions/delete";
    HttpAnswer answer =
        server.send(
            tried,
            "DELETE",
            path,
            MlflowServer.object().put("name", model).put("version", String.valueOf(number)));
    if (!answer.isError(MlflowErrors.ABSENT)) {
      server.good(tried, path, answer);
    }
  }

  /** Sets a tag on a version; repeating is harmless. */
  public void tag(String model, long number, String key, String value) {
    server.set(
        "write tag " + key + " of version " + number + " of " + model,
        "model-versions/set-tag",
        MlflowServer.object()
            .put("name", model)
            .put("version", String.valueOf(number))
            .put("key", key)
            .put("value", value));
  }

  private RegisteredVersion read(JsonNode node, String tried) {
    Long number = Json.number(node, "version");
    if (number == null) {
      throw server.failure(
          FailureKind.PLATFORM, tried, "a response without a version", "Portage retries.");
    }
    List<String> aliases = new ArrayList<>();
    node.path("aliases")
        .forEach(
            alias -> aliases.add(alias.isTextual() ? alias.asText() : Json.text(alias, "alias")));
    return new RegisteredVersion(
        Json.text(node, "name"),
        number,
        Json.text(node, "source"),
        Json.text(node, "run_id"),
        new RegisteredVersion.State(Json.text(node, "status"), Json.text(node, "status_message")),
        Json.text(node, "current_stage"),
        aliases,
        Json.map(node.path("tags")));
  }
}
