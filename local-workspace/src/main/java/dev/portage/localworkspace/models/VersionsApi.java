package dev.portage.localworkspace.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.artifacts.Tracking;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Page;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Versions of registered models in Unity Catalog: created pending, then written, then finalized.
 *
 * @see <a
 *     href="https://github.com/mlflow/mlflow/blob/master/mlflow/store/_unity_catalog/registry/rest_store.py">rest_store.py</a>
 */
final class VersionsApi {
  private static final String VERSIONS = ModelsApi.BASE + "model-versions/";

  private static final Shape CREATE =
      Shape.fields()
          .needs("name", Shape.text(1000))
          .needs("source", Shape.text(10_000))
          .with("run_id", Shape.text(64))
          .with("description", Shape.text(100_000))
          .with("run_tracking_server_id", Shape.text(64))
          .with("tags", ModelRules.TAGS)
          .with("model_id", Shape.text(64))
          .keeps("feature_deps", "model_version_dependencies");

  private static final Shape.Fields VERSION =
      Shape.fields().needs("name", Shape.text(1000)).needs("version", Shape.text(20));

  private static final Shape TAG = VERSION.needs("key", Shape.text()).with("value", Shape.text());

  private static final Shape CREDENTIALS =
      VERSION.needs(
          "operation",
          Shape.oneOf("MODEL_VERSION_OPERATION_READ", "MODEL_VERSION_OPERATION_READ_WRITE"));

  private static final Shape LINEAGE = VERSION.keeps("model_version_lineage_info", "securable");

  private final ModelSettings settings;
  private final ModelBook book;
  private final ModelFiles files;
  private final Tracking tracking;
  private final Duration life;

  VersionsApi(
      ModelSettings settings, ModelBook book, ModelFiles files, Tracking tracking, Duration life) {
    this.settings = settings;
    this.book = book;
    this.files = files;
    this.tracking = tracking;
    this.life = life;
  }

  void addTo(ApiRoutes routes) {
    routes.on(HandlerType.POST, VERSIONS + "create", Right.MODELS_CREATE, this::create);
    routes.on(HandlerType.DELETE, VERSIONS + "delete", Right.MODELS_EXECUTE, this::delete);
    routes.on(HandlerType.GET, VERSIONS + "get", Right.MODELS_EXECUTE, this::get);
    routes.on(HandlerType.GET, VERSIONS + "search", Right.MODELS_EXECUTE, this::search);
    routes.on(HandlerType.POST, VERSIONS + "finalize", Right.MODELS_CREATE, this::finish);
    routes.on(HandlerType.GET, VERSIONS + "get-download-uri", Right.MODELS_EXECUTE, this::uri);
    routes.on(
        HandlerType.POST,
        VERSIONS + "generate-temporary-credentials",
        Right.MODELS_EXECUTE,
        this::credentials);
    routes.on(HandlerType.POST, VERSIONS + "set-tag", Right.MODELS_EXECUTE, this::setTag);
    // Lineage is only for display, and nothing displays it here.
    routes.on(
        HandlerType.POST,
        VERSIONS + "emit-lineage",
        Right.MODELS_EXECUTE,
        call -> {
          call.body(LINEAGE);
          call.answer(Json.object());
        });
  }

  private void create(ApiCall call) throws InterruptedException {
    JsonNode body = call.body(CREATE);
    String name = body.get("name").asText();
    book.get(name);
    Map<String, String> tags = ModelRules.tags(body);
    String modelId = Json.text(body, "model_id");
    if (modelId != null) {
      // A model of another workspace does not resolve: https://github.com/mlflow/mlflow/pull/21212
      tracking.loggedModel(modelId);
    }
    long now = System.currentTimeMillis();
    RegisteredModel changed =
        book.change(
            name,
            model ->
                model.plus(
                    ModelVersion.of(
                            model.next(),
                            call.caller().user(),
                            now,
                            body.get("source").asText(),
                            "models/" + UUID.randomUUID() + "/versions/" + UUID.randomUUID())
                        .description(Json.text(body, "description"))
                        .run(
                            Json.text(body, "run_id"),
                            Json.text(body, "run_tracking_server_id"),
                            modelId)
                        .tags(tags)
                        .build()));
    answer(call, changed, book.version(name, Integer.toString(changed.next() - 1)));
  }

  /** The number is never given again. That aliases go with it is assumed, as in MLflow. */
  private void delete(ApiCall call) throws IOException {
    JsonNode body = call.body(VERSION);
    ModelVersion version = mine(call, body);
    RegisteredModel model = book.get(body.get("name").asText());
    files.delete(model, version);
    book.change(model.name(), now -> now.without(version.number()));
    call.answer(Json.object());
  }

  private void get(ApiCall call) {
    call.onlyQuery("name", "version");
    RegisteredModel model = book.get(ModelsApi.needed(call, "name"));
    answer(call, model, book.version(model.name(), ModelsApi.needed(call, "version")));
  }

  private void search(ApiCall call) {
    call.onlyQuery("filter", "max_results", "page_token");
    ModelRules.Filter filter = ModelRules.filter(call.query("filter"));
    int size = (int) call.queryNumber("max_results", 100, 1, 10_000);
    List<ObjectNode> found = new ArrayList<>();
    for (RegisteredModel model : book.all()) {
      model.versions().values().stream()
          .filter(version -> filter == null || filter.takes(model, version))
          // The newest first; the order is assumed.
          .sorted(Comparator.comparingInt(ModelVersion::number).reversed())
          .forEach(
              version -> found.add(ModelJson.found(model, version, ModelFiles.location(version))));
    }
    Page<ObjectNode> page = Page.of(found, call.query("page_token"), size);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("model_versions");
    page.entries().forEach(list::add);
    page.addNext(answer);
    call.answer(answer);
  }

  private void finish(ApiCall call) throws IOException {
    JsonNode body = call.body(VERSION);
    ModelVersion version = version(body);
    if (!version.maker().equals(call.caller().user())) {
      throw ApiRefusal.permissionDenied(
          "User " + call.caller().user() + " did not create this model version");
    }
    RegisteredModel model = book.get(body.get("name").asText());
    if (version.ready()) {
      // A repeat after a lost response finds it unchanged; this is assumed.
      answer(call, model, version);
      return;
    }
    files.check(model, version);
    changed(call, body, ModelVersion::finished);
  }

  private void uri(ApiCall call) {
    call.onlyQuery("name", "version");
    ModelVersion version =
        book.version(ModelsApi.needed(call, "name"), ModelsApi.needed(call, "version"));
    ready(version);
    call.answer(Json.object().put("artifact_uri", ModelFiles.location(version)));
  }

  private void credentials(ApiCall call) {
    JsonNode body = call.body(CREDENTIALS);
    ModelVersion version = version(body);
    boolean writes = body.get("operation").asText().endsWith("_WRITE");
    boolean own = version.maker().equals(call.caller().user());
    if (writes && (!own || version.ready())) {
      throw ApiRefusal.permissionDenied(
          own
              ? "The model version is READY: its files can no longer be changed"
              : "User " + call.caller().user() + " did not create this model version");
    }
    if (!own) {
      ready(version);
    }
    if (settings.storage() == ModelSettings.Storage.PRESIGNED) {
      // Default storage: the answer says where to ask instead.
      ObjectNode answer = Json.object();
      answer
          .putObject("credentials")
          .put("expiration_time", Instant.now().plus(life).toEpochMilli())
          .put("storage_mode", "DEFAULT_STORAGE");
      call.answer(answer);
      return;
    }
    // That a metastore which serves files by the Files API vends nothing is announced in
    // https://github.com/mlflow/mlflow/pull/25986; the words are assumed.
    throw ApiRefusal.permissionDenied(
        "Temporary credentials for model versions are not available here; use the Files API");
  }

  private void setTag(ApiCall call) {
    JsonNode body = call.body(TAG);
    mine(call, body);
    book.changeVersion(
        body.get("name").asText(),
        body.get("version").asText(),
        version ->
            version.tagged(
                ModelRules.tagged(
                    version.tags(), body.get("key").asText(), Json.text(body, "value"))));
    call.answer(Json.object());
  }

  private ModelVersion version(JsonNode body) {
    return book.version(body.get("name").asText(), body.get("version").asText());
  }

  /** The version of a body, which the caller must have made, or own the model of. */
  private ModelVersion mine(ApiCall call, JsonNode body) {
    ModelVersion version = version(body);
    String user = call.caller().user();
    if (!version.maker().equals(user)
        && !book.get(body.get("name").asText()).owner().equals(user)) {
      throw ApiRefusal.permissionDenied(
          "User " + user + " is not an owner of Model '" + body.get("name").asText() + "'.");
    }
    return version;
  }

  private static void ready(ModelVersion version) {
    if (!version.ready()) {
      throw ApiRefusal.invalidParameter(
          "The model version is PENDING_REGISTRATION: its files are not all there yet");
    }
  }

  private void changed(
      ApiCall call, JsonNode body, java.util.function.UnaryOperator<ModelVersion> change) {
    String name = body.get("name").asText();
    ModelVersion version = book.changeVersion(name, body.get("version").asText(), change);
    answer(call, book.get(name), version);
  }

  void answer(ApiCall call, RegisteredModel model, ModelVersion version) {
    call.answer(
        Json.object()
            .set("model_version", ModelJson.whole(model, version, ModelFiles.location(version))));
  }
}
