package dev.portage.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.http.HttpWayOut;
import dev.portage.mlflow.MlflowServer;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts that the tracking server itself hands out and takes ({@code mlflow server
 * --serve-artifacts}), by {@code /api/2.0/mlflow-artifacts}. Its listing is not recursive and not
 * paged; the protocol knows no checksum.
 */
final class ProxiedArtifacts implements ArtifactStore {
  private static final MediaType BYTES = MediaType.get("application/octet-stream");
  private static final int MOST_FILES = 100_000;
  private static final int DEEPEST = 64;

  private final MlflowServer server;
  private final List<String> root;

  private ProxiedArtifacts(MlflowServer server, List<String> root) {
    this.server = server;
    this.root = root;
  }

  /** Serves {@code mlflow-artifacts:/…}. */
  static final class Kind implements ArtifactStore.Kind {
    @Override
    public String scheme() {
      return "mlflow-artifacts";
    }

    @Override
    public ArtifactStore open(MlflowServer server, String artifactUri) {
      String rest = artifactUri.substring(artifactUri.indexOf(':') + 1);
      if (rest.startsWith("//")) {
        int slash = rest.indexOf('/', 2);
        String authority = rest.substring(2, slash < 0 ? rest.length() : slash);
        if (!authority.isEmpty()
            && !authority.equals(URI.create(server.base().toString()).getAuthority())) {
          throw server.failure(
              FailureKind.USER,
              "reach artifacts at " + ArtifactPath.shown(artifactUri),
              "they are on another server than " + server.base(),
              "Name that server as the workspace's MLflow server: a login goes to its own server only.");
        }
        rest = slash < 0 ? "" : rest.substring(slash);
      }
      String path = rest.replaceAll("^/+|/+$", "");
      String objection = path.isEmpty() ? "" : ArtifactPath.objection(path);
      if (!objection.isEmpty()) {
        throw server.failure(
            FailureKind.USER,
            "reach artifacts at " + ArtifactPath.shown(artifactUri),
            "the URI " + objection,
            "Such a place is not used.");
      }
      return new ProxiedArtifacts(
          server, path.isEmpty() ? List.of() : List.of(path.split("/", -1)));
    }
  }

  @Override
  public List<ArtifactFile> list() {
    List<ArtifactFile> files = new ArrayList<>();
    Deque<String> folders = new ArrayDeque<>(List.of(""));
    int calls = 0;
    while (!folders.isEmpty()) {
      String folder = folders.removeFirst();
      if (++calls > MOST_FILES || files.size() > MOST_FILES) {
        throw refused("more than " + MOST_FILES + " files or folders");
      }
      if (folder.chars().filter(c -> c == '/').count() > DEEPEST) {
        throw refused("folders more than " + DEEPEST + " deep");
      }
      for (JsonNode entry : entries(folder)) {
        String name = entry.path("path").asText();
        String path = folder + name;
        String objection =
            name.indexOf('/') >= 0 ? "has '/' in its name" : ArtifactPath.objection(path);
        if (!objection.isEmpty()) {
          throw refused("the file \"" + ArtifactPath.shown(path) + "\" " + objection);
        }
        if (entry.path("is_dir").asBoolean()) {
          folders.addLast(path + "/");
        } else {
          files.add(new ArtifactFile(path, size(entry.path("file_size"))));
        }
      }
    }
    return files;
  }

  private JsonNode entries(String folder) {
    String path = String.join("/", root) + (folder.isEmpty() ? "" : "/" + folder);
    HttpUrl url = base().addQueryParameter("path", path.replaceAll("/+$", "")).build();
    Attempt attempt = server.attempt("list files in " + path);
    Request request = server.request(url).build();
    HttpAnswer answer = server.way().ask(attempt, server.errors(), request);
    if (!answer.isSuccess()) {
      throw server.errors().failure(attempt, request, answer);
    }
    JsonNode json = answer.json();
    if (!json.isObject()) {
      throw server.failure(
          FailureKind.PLATFORM,
          attempt.tried(),
          "an answer that is not JSON",
          "It is asked again.");
    }
    return json.path("files");
  }

  private static @Nullable Long size(JsonNode size) {
    if (size.isIntegralNumber() && size.asLong() >= 0) {
      return size.asLong();
    }
    return size.isTextual() && size.asText().matches("\\d{1,18}")
        ? Long.valueOf(size.asText())
        : null;
  }

  @Override
  public <T> T read(String path, Reader<T> reader) {
    Attempt attempt = server.attempt("read file " + ArtifactPath.shown(path));
    // Without it OkHttp would ask for gzip, and the length would be that of something else.
    Request request = server.request(url(path)).header("Accept-Encoding", "identity").build();
    try (Response response = server.way().streams().newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw server.errors().failure(attempt, request, HttpWayOut.answerOf(response));
      }
      String encoding = response.header("Content-Encoding", "identity");
      if (!"identity".equals(encoding)) {
        throw server.failure(
            FailureKind.USER,
            attempt.tried(),
            "it comes with content encoding " + encoding + ", which nobody asked for",
            "Have the server, or what stands before it, send artifacts as they are.");
      }
      InputStream bytes = response.body().byteStream();
      return reader.read(buffer -> {
        try {
          return bytes.read(buffer);
        } catch (IOException e) {
          throw server.errors().unreachable(attempt, request, e);
        }
      });
    } catch (IOException e) {
      throw server.errors().unreachable(attempt, request, e);
    }
  }

  @Override
  public void write(String path, long size, Body body) {
    Attempt attempt = server.attempt("write file " + ArtifactPath.shown(path));
    Upload upload = new Upload(size, body);
    Request request = server.request(url(path)).put(upload).build();
    HttpAnswer answer;
    try {
      answer = server.way().send(attempt, server.errors(), request);
    } catch (ApplicationFailure e) {
      if (upload.failed != null) {
        throw upload.failed;
      }
      throw e;
    }
    if (!answer.isSuccess()) {
      throw server.errors().failure(attempt, request, answer);
    }
  }

  /** A body that is made while it is sent. */
  private static final class Upload extends RequestBody {
    private final long size;
    private final Body body;
    private volatile @Nullable RuntimeException failed;

    private Upload(long size, Body body) {
      this.size = size;
      this.body = body;
    }

    @Override
    public MediaType contentType() {
      return BYTES;
    }

    @Override
    public long contentLength() {
      return size;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      try {
        body.writeTo((buffer, length) -> {
          try {
            sink.write(buffer, 0, length);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (RuntimeException e) {
        // OkHttp expects an IOException; the caller gets the real one.
        failed = e;
        throw new IOException("the body could not be made", e);
      }
    }
  }

  private HttpUrl url(String path) {
    HttpUrl.Builder url = base();
    root.forEach(url::addPathSegment);
    for (String part : path.split("/", -1)) {
      url.addPathSegment(part);
    }
    return url.build();
  }

  private HttpUrl.Builder base() {
    return server.base().newBuilder().addPathSegments("api/2.0/mlflow-artifacts/artifacts");
  }

  private ApplicationFailure refused(String why) {
    return server.failure(
        FailureKind.USER,
        "list files in " + String.join("/", root),
        why,
        "Such a model is not carried.");
  }
}
