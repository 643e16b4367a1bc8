package dev.portage.localworkspace.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Sha256;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.UploadedFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Workspace API: what is at a path, folders, and notebooks and files in them, as the SDKs, the
 * command line and bundles put them there.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/workspace">Workspace API reference</a>
 */
public final class WorkspaceApi {
  private static final String BASE = "/api/2.0/workspace/";
  private static final String IMPORT_FILE = "/api/2.0/workspace-files/import-file";

  /** Databricks' limit for one object that is imported. */
  private static final int LARGEST = 10 * 1024 * 1024;

  private static final Shape PATH = Shape.fields().needs("path", Shape.text(4096));

  private static final Shape DELETE =
      Shape.fields().needs("path", Shape.text(4096)).with("recursive", Shape.flag());

  private static final Shape IMPORT =
      Shape.fields()
          .needs("path", Shape.text(4096))
          .with("content", Shape.text())
          .with("format", Shape.text())
          .with("language", Shape.text())
          .with("overwrite", Shape.flag());

  private final WorkspaceTree tree;
  private final Experiments experiments;

  /** The experiments of a workspace, which have their places in the same folders. */
  @FunctionalInterface
  public interface Experiments {
    /** The id of the experiment of that name, null for none. */
    @Nullable String find(String path) throws InterruptedException;
  }

  /** The calls for a tree. */
  public WorkspaceApi(WorkspaceTree tree, Experiments experiments) {
    this.tree = tree;
    this.experiments = experiments;
  }

  /** Adds the calls. */
  public void addTo(ApiRoutes routes) {
    routes.on(HandlerType.GET, BASE + "get-status", null, this::status);
    routes.on(HandlerType.GET, BASE + "list", null, this::list);
    routes.on(HandlerType.GET, BASE + "export", null, this::export);
    routes.on(HandlerType.POST, BASE + "mkdirs", Right.REGISTRY_WRITE, this::makeFolder);
    routes.on(HandlerType.POST, BASE + "import", Right.FILES_WRITE, this::importObject);
    routes.on(HandlerType.POST, BASE + "delete", Right.FILES_WRITE, this::delete);
    routes.on(HandlerType.POST, IMPORT_FILE + "/*", Right.FILES_WRITE, this::importFile);
  }

  private void status(ApiCall call) throws InterruptedException {
    call.onlyQuery("path", "return_git_info");
    String path = asked(call);
    Optional<WorkspaceTree.Node> node = tree.find(path);
    if (node.isPresent()) {
      call.answer(json(node.get()));
      return;
    }
    String experiment = experiments.find("/" + WorkspaceTree.below(path));
    if (experiment == null) {
      throw notThere(path);
    }
    call.answer(
        Json.object()
            .put("object_type", "MLFLOW_EXPERIMENT")
            .put("path", "/" + WorkspaceTree.below(path))
            .put("object_id", Long.parseLong(experiment))
            .put("resource_id", experiment));
  }

  private void list(ApiCall call) throws IOException {
    call.onlyQuery("path", "notebooks_modified_after");
    WorkspaceTree.Node node = there(asked(call));
    ObjectNode answer = Json.object();
    ArrayNode objects = answer.putArray("objects");
    if (node.type() == WorkspaceTree.Type.DIRECTORY) {
      tree.children(node).forEach(child -> objects.add(json(child)));
    } else {
      objects.add(json(node));
    }
    call.answer(answer);
  }

  private void export(ApiCall call) throws IOException {
    call.onlyQuery("path", "format", "direct_download");
    WorkspaceTree.Node node = there(asked(call));
    if (node.type() == WorkspaceTree.Type.DIRECTORY) {
      throw ApiRefusal.invalidParameter(
          "(" + node.path() + ") is a folder; a local workspace exports one object at a time");
    }
    byte[] content = Files.readAllBytes(node.file());
    if (call.queryFlag("direct_download")) {
      call.exchange().status(200).contentType("application/octet-stream").result(content);
      return;
    }
    String name = WorkspaceTree.nameOf(node.file());
    call.answer(
        Json.object()
            .put("content", Base64.getEncoder().encodeToString(content))
            .put("file_type", name.substring(name.lastIndexOf('.') + 1)));
  }

  private void makeFolder(ApiCall call) throws IOException {
    tree.makeFolder(call.body(PATH).get("path").asText());
    call.answer(Json.object());
  }

  private void delete(ApiCall call) throws IOException {
    JsonNode body = call.body(DELETE);
    tree.delete(there(body.get("path").asText()), Json.flag(body, "recursive", false));
    call.answer(Json.object());
  }

  /** By JSON with the content in Base64, or as a form with the content as a file. */
  private void importObject(ApiCall call) throws IOException {
    Context context = call.exchange();
    if (context.isMultipartFormData()) {
      UploadedFile file = context.uploadedFile("content");
      String path = context.formParam("path");
      if (file == null || path == null) {
        throw ApiRefusal.invalidParameter("Missing required field: path or content");
      }
      put(
          path,
          read(file.content()),
          context.formParam("format"),
          context.formParam("language"),
          "true".equals(context.formParam("overwrite")));
    } else {
      JsonNode body = call.body(IMPORT);
      put(
          body.get("path").asText(),
          decoded(body.path("content").asText()),
          Json.text(body, "format"),
          Json.text(body, "language"),
          Json.flag(body, "overwrite", false));
    }
    call.answer(Json.object());
  }

  /** As bundles do: the content is the body, and its ending and first line say what it is. */
  private void importFile(ApiCall call) throws IOException {
    call.onlyQuery("overwrite");
    String raw = call.exchange().req().getRequestURI().substring(IMPORT_FILE.length());
    String path = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    put(path, read(call.input()), "AUTO", null, call.queryFlag("overwrite"));
    call.answer(Json.object());
  }

  private void put(
      String path,
      byte[] content,
      @Nullable String format,
      @Nullable String language,
      boolean overwrite)
      throws IOException {
    switch (format == null ? "SOURCE" : format.toUpperCase(Locale.ROOT)) {
      case "SOURCE" -> {
        if (language == null || !language.equals("PYTHON")) {
          throw ApiRefusal.invalidParameter(
              language == null
                  ? "The language of a notebook in source format must be given"
                  : "A local workspace has notebooks in Python alone, not in " + language);
        }
        tree.put(path, WorkspaceTree.SOURCE, marked(content), overwrite);
      }
      case "JUPYTER" -> tree.put(path, WorkspaceTree.JUPYTER, content, overwrite);
      case "RAW" -> tree.put(path, "", content, overwrite);
      case "AUTO" -> {
        String ending = path.endsWith(WorkspaceTree.JUPYTER) ? WorkspaceTree.JUPYTER : "";
        if (path.endsWith(WorkspaceTree.SOURCE) && WorkspaceTree.isSource(content)) {
          ending = WorkspaceTree.SOURCE;
        }
        tree.put(path.substring(0, path.length() - ending.length()), ending, content, overwrite);
      }
      default ->
          throw ApiRefusal.invalidParameter(
              "A local workspace imports SOURCE, JUPYTER, RAW and AUTO, not " + format);
    }
  }

  /** What is imported as a notebook is one, whatever its first line. */
  private static byte[] marked(byte[] content) {
    return WorkspaceTree.isSource(content)
        ? content
        : (WorkspaceTree.HEADER + "\n" + new String(content, StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw ApiRefusal.malformed("'content' is not Base64: " + e.getMessage());
    }
  }

  private static byte[] read(InputStream in) throws IOException {
    try (in) {
      byte[] content = in.readNBytes(LARGEST + 1);
      if (content.length > LARGEST) {
        throw ApiRefusal.of(
            400, "MAX_NOTEBOOK_SIZE_EXCEEDED", "The content is larger than " + LARGEST + " bytes");
      }
      return content;
    }
  }

  private WorkspaceTree.Node there(String path) {
    return tree.find(path).orElseThrow(() -> notThere(path));
  }

  private static ApiRefusal notThere(String path) {
    return ApiRefusal.notFound("RESOURCE_DOES_NOT_EXIST", "Path (" + path + ") doesn't exist.");
  }

  private static String asked(ApiCall call) {
    String path = call.query("path");
    if (path == null) {
      throw ApiRefusal.invalidParameter("Missing required field: path");
    }
    return path;
  }

  private static ObjectNode json(WorkspaceTree.Node node) {
    // A number that stays the same for the same path.
    long id = Long.parseLong(Sha256.of(node.path()).substring(0, 12), 16);
    ObjectNode json =
        Json.object()
            .put("object_type", node.type().name())
            .put("path", node.path())
            .put("object_id", id)
            .put("resource_id", Long.toString(id));
    return node.type() == WorkspaceTree.Type.NOTEBOOK ? json.put("language", "PYTHON") : json;
  }
}
