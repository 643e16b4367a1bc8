package dev.portage.localworkspace.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.blobs.Access;
import dev.portage.localworkspace.blobs.BlobEntry;
import dev.portage.localworkspace.blobs.BlobStore;
import dev.portage.localworkspace.blobs.SignedUrl;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Page;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Credentials and listings of artifacts. The shapes are those of MLflow's own client for
 * Databricks; anything else the server does is unpublished.
 *
 * @see <a
 *     href="https://github.com/mlflow/mlflow/blob/master/mlflow/store/artifact/databricks_artifact_repo.py">databricks_artifact_repo.py</a>
 */
public final class ArtifactApi {
  private static final String RUNS = "/api/2.0/mlflow/artifacts/";
  private static final String MODELS = "/api/2.0/mlflow/logged-models/{model_id}/artifacts/";

  /** The most that the Python client requests; we assume that more is refused. */
  private static final int MOST_PATHS = 2000;

  private static final Shape OF_RUN =
      Shape.fields()
          .needs("run_id", Shape.text(64))
          .needs("path", Shape.listOf(Shape.text(4096), MOST_PATHS))
          .with("page_token", Shape.text());

  private static final Shape OF_MODEL =
      Shape.fields()
          .needs("paths", Shape.listOf(Shape.text(4096), MOST_PATHS))
          .with("model_id", Shape.text(64))
          .with("page_token", Shape.text());

  private final Tracking tracking;
  private final BlobStore store;
  private final int pageSize;

  /** Artifacts of runs that the tracking server knows, in a store. */
  public ArtifactApi(Tracking tracking, BlobStore store, int pageSize) {
    this.tracking = tracking;
    this.store = store;
    this.pageSize = pageSize;
  }

  /** A text of the MLflow server with places as Databricks shows them. */
  public static String shown(String text) {
    return ArtifactRoot.shown(text);
  }

  /** Adds the calls. They must come before those that are passed through. */
  public void addTo(ApiRoutes routes) {
    routes.on(
        HandlerType.POST,
        RUNS + "credentials-for-read",
        Right.REGISTRY_READ,
        call -> ofRun(call, Access.READ));
    routes.on(
        HandlerType.POST,
        RUNS + "credentials-for-write",
        Right.REGISTRY_WRITE,
        call -> ofRun(call, Access.WRITE));
    routes.on(
        HandlerType.POST,
        MODELS + "credentials-for-download",
        Right.REGISTRY_READ,
        call -> ofModel(call, Access.READ));
    routes.on(
        HandlerType.POST,
        MODELS + "credentials-for-upload",
        Right.REGISTRY_WRITE,
        call -> ofModel(call, Access.WRITE));
    routes.on(HandlerType.GET, RUNS + "list", Right.REGISTRY_READ, this::listRun);
    routes.on(HandlerType.GET, MODELS + "directories", Right.REGISTRY_READ, this::listModel);
    new PartsApi(tracking, store).addTo(routes);
  }

  private void ofRun(ApiCall call, Access access) throws InterruptedException {
    JsonNode body = call.body(OF_RUN);
    String id = body.get("run_id").asText();
    List<String> paths = paths(body, "path");
    ArtifactRoot root = tracking.run(id);
    Page<String> page = Page.of(paths, Json.text(body, "page_token"), pageSize);
    ObjectNode answer = Json.object();
    ArrayNode infos = answer.putArray("credential_infos");
    for (String path : page.entries()) {
      ObjectNode info = infos.addObject().put("run_id", id);
      fill(info, path, store.sign(root.key(path), access), store.credentialType());
    }
    page.addNext(answer);
    call.answer(answer);
  }

  private void ofModel(ApiCall call, Access access) throws InterruptedException {
    JsonNode body = call.body(OF_MODEL);
    String id = call.exchange().pathParam("model_id");
    if (body.hasNonNull("model_id") && !body.get("model_id").asText().equals(id)) {
      throw ApiRefusal.invalidParameter("'model_id' differs from the one in the path");
    }
    List<String> paths = paths(body, "paths");
    ArtifactRoot root = tracking.model(id);
    Page<String> page = Page.of(paths, Json.text(body, "page_token"), pageSize);
    ObjectNode answer = Json.object();
    ArrayNode credentials = answer.putArray("credentials");
    for (String path : page.entries()) {
      ObjectNode info = credentials.addObject().put("model_id", id).putObject("credential_info");
      fill(info, path, store.sign(root.key(path), access), store.credentialType());
    }
    page.addNext(answer);
    call.answer(answer);
  }

  static void fill(ObjectNode info, String path, SignedUrl url, String type) {
    info.put("path", path).put("signed_uri", url.url());
    ArrayNode headers = info.putArray("headers");
    url.headers()
        .forEach((name, value) -> headers.addObject().put("name", name).put("value", value));
    info.put("type", type);
  }

  private static List<String> paths(JsonNode body, String field) {
    List<String> paths =
        StreamSupport.stream(body.get(field).spliterator(), false)
            .map(path -> ArtifactPath.file(path.asText()))
            .toList();
    if (paths.isEmpty()) {
      throw ApiRefusal.invalidParameter("'" + field + "' must name at least one file");
    }
    return paths;
  }

  private void listRun(ApiCall call) throws InterruptedException, IOException {
    call.onlyQuery("run_id", "run_uuid", "path", "page_token");
    String id = call.query("run_id") != null ? call.query("run_id") : call.query("run_uuid");
    if (id == null) {
      throw ApiRefusal.invalidParameter("Missing required field: run_id");
    }
    list(call, tracking.run(id), call.query("path"));
  }

  private void listModel(ApiCall call) throws InterruptedException, IOException {
    call.onlyQuery("artifact_directory_path", "page_token", "model_id");
    ArtifactRoot root = tracking.model(call.exchange().pathParam("model_id"));
    list(call, root, call.query("artifact_directory_path"));
  }

  private void list(ApiCall call, ArtifactRoot root, @Nullable String path) throws IOException {
    String directory = ArtifactPath.directory(path);
    List<BlobEntry> entries = new ArrayList<>(store.list(root.key(directory)));
    String before = directory.isEmpty() ? "" : directory + "/";
    if (entries.isEmpty() && !directory.isEmpty()) {
      // A file is listed as itself; the Python client says so in
      // databricks_artifact_repo_resources.
      OptionalLong size = store.size(root.key(directory));
      if (size.isPresent()) {
        entries.add(new BlobEntry(directory, false, size.getAsLong()));
        before = "";
      }
    }
    entries.sort(Comparator.comparing(BlobEntry::name));
    Page<BlobEntry> page = Page.of(entries, call.query("page_token"), pageSize);
    ObjectNode answer = Json.object().put("root_uri", root.uri());
    ArrayNode files = answer.putArray("files");
    for (BlobEntry entry : page.entries()) {
      ObjectNode file =
          files.addObject().put("path", before + entry.name()).put("is_dir", entry.directory());
      if (!entry.directory()) {
        file.put("file_size", entry.size());
      }
    }
    page.addNext(answer);
    call.answer(answer);
  }
}
