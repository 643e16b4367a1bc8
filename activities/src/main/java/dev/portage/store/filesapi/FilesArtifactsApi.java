package dev.portage.store.filesapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Calls to the Files API of a Databricks workspace (<a
 * href="https://docs.databricks.com/api/workspace/files">reference</a>) for the files in one
 * folder. For signed URLs and multipart uploads it makes the same calls as Databricks' own clients.
 */
final class FilesArtifactsApi {
  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

  /** As Databricks' own clients ask for. */
  private static final Duration SIGNED_FOR = Duration.ofHours(1);

  private final MlflowServer server;
  private final List<String> root;

  FilesArtifactsApi(MlflowServer server, List<String> root) {
    this.server = server;
    this.root = root;
  }

  MlflowServer server() {
    return server;
  }

  /** A file's path as the API takes it; the folder's own for an empty one. */
  String path(String path) {
    return "/" + String.join("/", root) + (path.isEmpty() ? "" : "/" + path);
  }

  /** Address of a file. */
  HttpUrl.Builder file(String path) {
    return below("files", path);
  }

  /** Address of a folder below the root, whose path may end with a slash; the root's when empty. */
  HttpUrl.Builder directory(String path) {
    return below("directories", path.replaceAll("/+$", ""));
  }

  private HttpUrl.Builder below(String call, String path) {
    HttpUrl.Builder url = url(call);
    root.forEach(url::addPathSegment);
    if (!path.isEmpty()) {
      for (String segment : path.split("/", -1)) {
        url.addPathSegment(segment);
      }
    }
    return url;
  }

  private HttpUrl.Builder url(String call) {
    return server.base().newBuilder().addPathSegments("api/2.0/fs/" + call);
  }

  /** A request with the workspace's login. */
  Request.Builder request(HttpUrl.Builder url) {
    return server.request(url.build());
  }

  /** A call about a file, such as {@code create-download-url}. */
  Request asking(String call, ObjectNode body) {
    return request(url(call)).post(RequestBody.create(body.toString(), JSON)).build();
  }

  /** What every call for a signed address says. */
  ObjectNode signing(String path) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("path", path(path))
        .put(
            "expire_time",
            Instant.now().plus(SIGNED_FOR).truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Posts; the answer may be an error, for the caller to look at. */
  HttpAnswer ask(String tried, Request request) {
    return server.http().ask(server.attempt(tried), server.errors(), request);
  }

  /** Posts about a file itself, as to begin an upload of it. */
  Request posting(HttpUrl.Builder url, ObjectNode body) {
    return request(url).post(RequestBody.create(body.toString(), JSON)).build();
  }

  /** The failure for a response. */
  RuntimeException failure(String tried, Request request, HttpAnswer answer) {
    return server.errors().failure(server.attempt(tried), request, answer);
  }
}
