package dev.portage.localworkspace.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.artifacts.Tracking;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.files.FilePlaces;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Page;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Registered models in Unity Catalog, through the calls that MLflow's client makes.
 *
 * @see <a
 *     href="https://github.com/mlflow/mlflow/blob/master/mlflow/protos/databricks_uc_registry_service.proto">databricks_uc_registry_service.proto</a>
 */
public final class ModelsApi {
  static final String BASE = "/api/2.0/mlflow/unity-catalog/";
  private static final String MODELS = BASE + "registered-models/";
  private static final String SCHEMAS = "/api/2.1/unity-catalog/schemas/";

  private static final Shape JOB_ID = Shape.text(20, "[0-9]*", "the id of a job");

  private static final Shape CREATE =
      Shape.fields()
          .needs("name", Shape.text(1000))
          .with("description", Shape.text(100_000))
          .with("tags", ModelRules.TAGS)
          .with("deployment_job_id", JOB_ID);

  /** A new version starts the job; an empty id takes the connection away. */
  private static final Shape UPDATE =
      Shape.fields()
          .needs("name", Shape.text(1000))
          .with("description", Shape.text(100_000))
          .with("deployment_job_id", JOB_ID);

  private static final Shape NAME = Shape.fields().needs("name", Shape.text(1000));

  private static final Shape ALIAS =
      Shape.fields()
          .needs("name", Shape.text(1000))
          .needs("alias", Shape.text(1000))
          .needs("version", Shape.text(20));

  private static final Shape NO_ALIAS =
      Shape.fields().needs("name", Shape.text(1000)).needs("alias", Shape.text(1000));

  private static final Shape TAG =
      Shape.fields()
          .needs("name", Shape.text(1000))
          .needs("key", Shape.text())
          .with("value", Shape.text());

  private final ModelSettings settings;
  private final ModelBook book;
  private final ModelFiles files;
  private final VersionsApi versions;

  /**
   * The models of a metastore.
   *
   * @param folder where they are kept
   * @param life how long a client may rely on where to ask for signed URLs
   * @throws IOException when what is kept can't be read
   */
  public ModelsApi(ModelSettings settings, Path folder, Tracking tracking, Duration life)
      throws IOException {
    this.settings = settings;
    book = new ModelBook(folder);
    files = new ModelFiles(book);
    versions = new VersionsApi(settings, book, files, tracking, life);
  }

  /** The versions as places of the Files API. */
  public FilePlaces places() {
    return new ModelPlaces(book);
  }

  /**
   * Where the files of a version that is ready are on this machine.
   *
   * @throws ApiRefusal RESOURCE_DOES_NOT_EXIST where there is none, INVALID_PARAMETER_VALUE where
   *     it isn't ready
   */
  public Path files(String model, String version) {
    ModelVersion found = book.version(model, version);
    if (!found.ready()) {
      throw ApiRefusal.invalidParameter(
          "Version " + version + " of model " + model + " is not READY but PENDING_REGISTRATION.");
    }
    return book.files(model, found.number());
  }

  /** What tells a version from an earlier one of the same name and number. */
  public String source(String model, String version) {
    return book.version(model, version).key();
  }

  /** Adds the calls. They must come before those that are passed through. */
  public void addTo(ApiRoutes routes) {
    routes.on(HandlerType.POST, MODELS + "create", Right.MODELS_CREATE, this::create);
    routes.on(HandlerType.PATCH, MODELS + "update", Right.MODELS_EXECUTE, this::update);
    routes.on(HandlerType.DELETE, MODELS + "delete", Right.MODELS_EXECUTE, this::delete);
    routes.on(HandlerType.GET, MODELS + "get", Right.MODELS_EXECUTE, this::get);
    routes.on(HandlerType.GET, MODELS + "search", Right.MODELS_EXECUTE, this::search);
    routes.on(HandlerType.POST, MODELS + "alias", Right.MODELS_EXECUTE, this::setAlias);
    routes.on(HandlerType.DELETE, MODELS + "alias", Right.MODELS_EXECUTE, this::deleteAlias);
    routes.on(HandlerType.GET, MODELS + "alias", Right.MODELS_EXECUTE, this::byAlias);
    routes.on(HandlerType.POST, MODELS + "set-tag", Right.MODELS_EXECUTE, this::setTag);
    routes.on(
        HandlerType.GET,
        BASE + "registered-models:is-databricks-sdk-models-artifact-repository-enabled",
        null,
        call -> {
          call.onlyQuery();
          boolean enabled = settings.storage() == ModelSettings.Storage.FILES;
          call.answer(
              Json.object().put("is_databricks_sdk_models_artifact_repository_enabled", enabled));
        });
    routes.on(HandlerType.GET, SCHEMAS + "{name}", null, this::schema);
    versions.addTo(routes);
  }

  /**
   * An existing schema.
   *
   * @see <a href="https://docs.databricks.com/api/workspace/schemas/get">schemas/get</a>
   */
  private void schema(ApiCall call) {
    call.onlyQuery();
    String asked = call.exchange().pathParam("name");
    String name =
        settings.schemas().stream()
            .map(ModelRules::plain)
            .filter(ModelRules.plain(asked)::equals)
            .findFirst()
            .orElseThrow(() ->
                ApiRefusal.notFound(
                    "SCHEMA_DOES_NOT_EXIST", "Schema '" + asked + "' does not exist."));
    String[] parts = name.split("\\.", -1);
    call.answer(
        Json.object().put("name", parts[1]).put("catalog_name", parts[0]).put("full_name", name));
  }

  /** Refuses all other Unity Catalog calls: no MLflow server behind knows them. */
  public static void refuseOthers(ApiRoutes routes) {
    for (HandlerType method :
        List.of(HandlerType.GET, HandlerType.POST, HandlerType.PATCH, HandlerType.DELETE)) {
      routes.on(
          method,
          BASE + "*",
          null,
          call -> {
            throw ApiRefusal.notFound(
                "ENDPOINT_NOT_FOUND",
                "No API found for '" + method + " " + call.exchange().req().getRequestURI() + "'");
          });
    }
  }

  private void create(ApiCall call) {
    JsonNode body = call.body(CREATE);
    long now = System.currentTimeMillis();
    RegisteredModel model =
        RegisteredModel.of(
                ModelRules.newName(body.get("name").asText(), settings.schemas()),
                call.caller().user(),
                now)
            .description(Json.text(body, "description"))
            .tags(ModelRules.tags(body))
            .deploymentJob(Json.text(body, "deployment_job_id"))
            .build();
    book.add(model);
    answer(call, model);
  }

  private void update(ApiCall call) {
    JsonNode body = call.body(UPDATE);
    String name = owned(call, body);
    book.change(
        name,
        model ->
            model.updated(Json.text(body, "description"), Json.text(body, "deployment_job_id")));
    answer(call, book.get(name));
  }

  /** Deletes the versions with it. */
  private void delete(ApiCall call) throws IOException {
    RegisteredModel model = book.get(owned(call, call.body(NAME)));
    for (ModelVersion version : model.versions().values()) {
      files.delete(model, version);
    }
    book.remove(model.name());
    call.answer(Json.object());
  }

  private void get(ApiCall call) {
    call.onlyQuery("name");
    answer(call, book.get(needed(call, "name")));
  }

  private void search(ApiCall call) {
    call.onlyQuery("max_results", "page_token");
    int size = (int) call.queryNumber("max_results", 100, 1, 10_000);
    Page<RegisteredModel> page = Page.of(book.all(), call.query("page_token"), size);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("registered_models");
    page.entries().forEach(model -> list.add(ModelJson.found(model)));
    page.addNext(answer);
    call.answer(answer);
  }

  private void setAlias(ApiCall call) {
    JsonNode body = call.body(ALIAS);
    String name = owned(call, body);
    String alias = ModelRules.alias(body.get("alias").asText());
    ModelVersion version = book.version(name, body.get("version").asText());
    book.change(
        name,
        model -> {
          Map<String, Integer> aliases = new TreeMap<>(model.aliases());
          aliases.put(alias, version.number());
          return model.named(aliases);
        });
    call.answer(Json.object());
  }

  private void deleteAlias(ApiCall call) {
    JsonNode body = call.body(NO_ALIAS);
    book.change(
        owned(call, body),
        model -> {
          Map<String, Integer> aliases = new TreeMap<>(model.aliases());
          aliases.remove(body.get("alias").asText());
          return model.named(aliases);
        });
    call.answer(Json.object());
  }

  private void byAlias(ApiCall call) {
    call.onlyQuery("name", "alias");
    RegisteredModel model = book.get(needed(call, "name"));
    String alias = needed(call, "alias");
    Integer number = model.aliases().get(alias);
    if (number == null) {
      throw ApiRefusal.notFound(
          "RESOURCE_DOES_NOT_EXIST",
          "Alias '" + alias + "' of '" + model.name() + "' does not exist.");
    }
    versions.answer(call, model, book.version(model.name(), number.toString()));
  }

  private void setTag(ApiCall call) {
    JsonNode body = call.body(TAG);
    book.change(
        owned(call, body),
        model ->
            model.tagged(
                ModelRules.tagged(
                    model.tags(), body.get("key").asText(), Json.text(body, "value"))));
    call.answer(Json.object());
  }

  /** The name of a model that the caller owns. */
  private String owned(ApiCall call, JsonNode body) {
    RegisteredModel model = book.get(body.get("name").asText());
    if (!model.owner().equals(call.caller().user())) {
      throw ApiRefusal.permissionDenied(
          "User " + call.caller().user() + " is not an owner of Model '" + model.name() + "'.");
    }
    return model.name();
  }

  static String needed(ApiCall call, String name) {
    String value = call.query(name);
    if (value == null || value.isEmpty()) {
      throw ApiRefusal.invalidParameter("Missing required field: " + name);
    }
    return value;
  }

  private static void answer(ApiCall call, RegisteredModel model) {
    call.answer(Json.object().set("registered_model", ModelJson.whole(model)));
  }
}
