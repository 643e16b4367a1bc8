package dev.portage.unitycatalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.Json;
import dev.portage.mlflow.MlflowErrors;
import dev.portage.mlflow.MlflowInspection;
import dev.portage.mlflow.MlflowServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Registered models of Unity Catalog, through the calls that MLflow's own client makes under {@code
 * /api/2.0/mlflow/unity-catalog} (MLflow's {@code databricks_uc_registry_service.proto}).
 */
final class CatalogModels {
  /** What all calls begin with. */
  static final String API = "unity-catalog/";

  private static final String VERSIONS = API + "model-versions/";
  private static final String MODELS = API + "registered-models/";
  private static final int PAGE = 1000;

  /** Error codes with which a workspace says that there is no such model or version. */
  private static final Set<String> ABSENT = Set.of("ROUTINE_OR_MODEL_DOES_NOT_EXIST");

  /** The parent of a model is missing: nothing can be created there. */
  private static final Pattern NO_PLACE =
      Pattern.compile("^(Catalog|Schema|Metastore)\\b.*does not exist");

  private static final Set<String> EXISTS = Set.of(MlflowErrors.EXISTS, "ALREADY_EXISTS");

  private final MlflowServer server;

  CatalogModels(MlflowServer server) {
    this.server = server;
  }

  /** Creates the registered model if it is missing. Two concurrent calls create one. */
  void ensure(String model) {
    if (isThere(model)) {
      return;
    }
    String tried = "create registered model " + model;
    HttpAnswer answer =
        server.send(tried, "POST", MODELS + "create", MlflowServer.object().put("name", model));
    if (!isOne(answer, EXISTS)) {
      server.good(tried, MODELS + "create", answer);
    }
  }

  /** Whether there is such a registered model. */
  boolean isThere(String model) {
    String tried = "read registered model " + model;
    HttpAnswer answer = server.ask(tried, MODELS + "get", Map.of("name", model));
    if (isAbsent(answer)) {
      return false;
    }
    server.good(tried, MODELS + "get", answer);
    return true;
  }

  /** A tag of the registered model itself; empty when it has none by that key. */
  Optional<String> tagOf(String model, String key) {
    String tried = "read tag " + key + " of " + model;
    return Optional.ofNullable(
        Json.map(
                server
                    .get(tried, MODELS + "get", Map.of("name", model))
                    .path("registered_model")
                    .path("tags"))
            .get(key));
  }

  /** Whether there is a registered model of that name. */
  boolean exists(String model) {
    String tried = "read registered model " + model;
    String path = MODELS + "get";
    HttpAnswer answer = server.ask(tried, path, Map.of("name", model));
    if (isAbsent(answer)) {
      return false;
    }
    server.good(tried, path, answer);
    return true;
  }

  /** Sets a tag on the registered model itself; repeating is harmless. */
  void tag(String model, String key, String value) {
    server.post(
        "write tag " + key + " of " + model,
        MODELS + "set-tag",
        MlflowServer.object().put("name", model).put("key", key).put("value", value));
  }

  /** The version that an alias points at. */
  Optional<CatalogVersion> holder(String model, String alias) {
    String tried = "read alias " + alias + " of " + model;
    String path = MODELS + "alias";
    HttpAnswer answer = server.ask(tried, path, Map.of("name", model, "alias", alias));
    if (isAbsent(answer)) {
      return Optional.empty();
    }
    CatalogVersion holder = read(server.good(tried, path, answer).path("model_version"), tried);
    return Optional.of(version(model, holder.number()));
  }

  /** Points an alias at a version; where it pointed before is forgotten by the catalog. */
  void alias(String model, String alias, long version) {
    server.post(
        "set alias " + alias + " of " + model,
        MODELS + "alias",
        MlflowServer.object()
            .put("name", model)
            .put("alias", alias)
            .put("version", String.valueOf(version)));
  }

  /** Drops an alias; a catalog that has none of that name has nothing to do. */
  void dropAlias(String model, String alias) {
    String tried = "drop alias " + alias + " of " + model;
    HttpAnswer answer =
        server.send(
            tried,
            "DELETE",
            MODELS + "alias",
            MlflowServer.object().put("name", model).put("alias", alias));
    if (!isAbsent(answer)) {
      server.good(tried, MODELS + "alias", answer);
    }
  }

  /** What is known of a registered model, in words, for an inspection. */
  static String describe(MlflowServer server, String model) {
    CatalogModels models = new CatalogModels(server);
    if (models.isThere(model)) {
      return MlflowInspection.versions(models.versions(model).size());
    }
    CatalogSchema.of(model).require(server);
    return MlflowInspection.ABSENT;
  }

  /** Versions of this model that name this run, lowest number first; without tags and aliases. */
  List<CatalogVersion> ofRun(String model, String runId) {
    return search(model, "run_id=" + Json.quoted(runId));
  }

  /** All versions, lowest number first, without tags and aliases; none when no such model is. */
  List<CatalogVersion> versions(String model) {
    return search(model, "name=" + Json.quoted(model));
  }

  private List<CatalogVersion> search(String model, String filter) {
    String tried = "search versions of " + model;
    // By number, since pages overlap and gap when something changes between two of them.
    Map<Long, CatalogVersion> found = new LinkedHashMap<>();
    String token = "";
    do {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("filter", filter);
      query.put("max_results", String.valueOf(PAGE));
      if (!token.isEmpty()) {
        query.put("page_token", token);
      }
      HttpAnswer answer = server.ask(tried, VERSIONS + "search", query);
      if (isAbsent(answer)) {
        return List.of();
      }
      JsonNode page = server.good(tried, VERSIONS + "search", answer);
      for (JsonNode node : page.path("model_versions")) {
        CatalogVersion version = read(node, tried);
        if (version.model().equalsIgnoreCase(model)) {
          found.put(version.number(), version);
        }
      }
      token = Json.text(page, "next_page_token");
    } while (!token.isEmpty());
    List<CatalogVersion> sorted = new ArrayList<>(found.values());
    sorted.sort(Comparator.comparingLong(CatalogVersion::number));
    return sorted;
  }

  /** One version, with tags and aliases. A user error when there is none. */
  CatalogVersion version(String model, long number) {
    return find(model, number)
        .orElseThrow(() ->
            server.failure(
                FailureKind.USER,
                "read version " + number + " of " + model,
                "it does not exist",
                "Name one that the catalog lists."));
  }

  /** One version, with tags and aliases, if there is one of this number. */
  Optional<CatalogVersion> find(String model, long number) {
    String tried = "read version " + number + " of " + model;
    HttpAnswer answer =
        server.ask(
            tried, VERSIONS + "get", Map.of("name", model, "version", String.valueOf(number)));
    if (isAbsent(answer)) {
      return Optional.empty();
    }
    return Optional.of(
        read(server.good(tried, VERSIONS + "get", answer).path("model_version"), tried));
  }

  /**
   * Makes a version, which waits for its files. Not to be repeated blindly: a second call makes a
   * second one.
   *
   * @param body all of its fields
   */
  CatalogVersion create(String model, ObjectNode body) {
    String tried = "create a version of " + model;
    return read(server.post(tried, VERSIONS + "create", body).path("model_version"), tried);
  }

  /** Says that the files of a version are complete; one that is finished stays so. */
  void finish(String model, long number) {
    String tried = "finish version " + number + " of " + model;
    HttpAnswer answer = server.send(tried, "POST", VERSIONS + "finalize", body(model, number));
    if (!answer.isSuccess() && version(model, number).isReady()) {
      return;
    }
    server.good(tried, VERSIONS + "finalize", answer);
  }

  /** Deletes a version, or finds it gone. */
  void delete(String model, long number) {
    String tried = "delete version " + number + " of " + model;
    HttpAnswer answer = server.send(tried, "DELETE", VERSIONS + "delete", body(model, number));
    if (!isAbsent(answer)) {
      server.good(tried, VERSIONS + "delete", answer);
    }
  }

  /** Sets a tag on a version; repeating is harmless. */
  void tag(String model, long number, String key, String value) {
    server.post(
        "write tag " + key + " of version " + number + " of " + model,
        VERSIONS + "set-tag",
        body(model, number).put("key", key).put("value", value));
  }

  /**
   * Whether the files of versions are reached by the Files API. A workspace that does not know the
   * question says no by that, as MLflow's own client takes it.
   */
  boolean hasFilesApi() {
    String tried = "detect how to access files of model versions";
    String path = API + "registered-models:is-databricks-sdk-models-artifact-repository-enabled";
    HttpAnswer answer = server.ask(tried, path, Map.of());
    if (!answer.isSuccess() && answer.status() < 500 && answer.status() != 429) {
      return false;
    }
    return server
        .good(tried, path, answer)
        .path("is_databricks_sdk_models_artifact_repository_enabled")
        .asBoolean();
  }

  /**
   * Credentials for the cloud location of a version's files.
   *
   * @return the answer, which may be a refusal, for the caller to look at; it grants access
   */
  HttpAnswer credentials(String model, long number, boolean writes) {
    return server.send(
        "request storage access for version " + number + " of " + model,
        "POST",
        VERSIONS + "generate-temporary-credentials",
        body(model, number)
            .put("operation", "MODEL_VERSION_OPERATION_READ" + (writes ? "_WRITE" : "")));
  }

  private static ObjectNode body(String model, long number) {
    return MlflowServer.object().put("name", model).put("version", String.valueOf(number));
  }

  private static boolean isOne(HttpAnswer answer, Set<String> codes) {
    String code = answer.errorCode();
    return !answer.isSuccess() && code != null && codes.contains(code);
  }

  private static boolean isAbsent(HttpAnswer answer) {
    return isOne(answer, ABSENT)
        || (answer.isNotThere() && !NO_PLACE.matcher(answer.message()).find());
  }

  private CatalogVersion read(JsonNode node, String tried) {
    Long number = Json.number(node, "version");
    if (number == null) {
      throw server.failure(
          FailureKind.PLATFORM, tried, "a response without a version", "Portage retries.");
    }
    List<String> aliases = new ArrayList<>();
    node.path("aliases").forEach(alias -> aliases.add(Json.text(alias, "alias")));
    return new CatalogVersion(
        Json.text(node, "name"),
        number,
        new CatalogVersion.Origin(
            Json.text(node, "source"), Json.text(node, "run_id"), Json.text(node, "model_id")),
        new CatalogVersion.State(Json.text(node, "status"), Json.text(node, "status_message")),
        Json.text(node, "storage_location"),
        aliases,
        Json.map(node.path("tags")));
  }
}
