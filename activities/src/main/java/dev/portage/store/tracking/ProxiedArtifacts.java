package dev.portage.store.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.WriteCapabilities;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSource;
import dev.portage.store.ArtifactStore;
import dev.portage.store.Listing;
import dev.portage.store.Retry;
import dev.portage.store.http.ByteStreams;
import dev.portage.store.signed.ServedReads;
import dev.portage.store.signed.SignedWrites;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts that the tracking server itself serves and accepts ({@code mlflow server
 * --serve-artifacts}), through {@code /api/2.0/mlflow-artifacts}. In front of an object store it
 * may issue signed URLs instead, for direct reads and writes. Its listing is neither recursive nor
 * paged; the protocol has no checksum.
 */
final class ProxiedArtifacts implements ArtifactStore {
  private static final String THROUGH = "through the MLflow server";

  /** A file that a server may take long to fetch, in bytes. */
  private static final long LARGE = 32L << 20;

  private final MlflowServer server;
  private final ByteStreams streams;
  private final List<String> root;
  private final ServedReads reads;

  /** Sizes of the large files that will be read. */
  private final Map<String, Long> large = new ConcurrentHashMap<>();

  /** Set when the server refuses plain writes and offers uploads in parts. */
  private volatile boolean writesSigned;

  private ProxiedArtifacts(MlflowServer server, List<String> root) {
    this.server = server;
    this.root = root;
    this.streams = new ByteStreams(server.http(), server.errors());
    this.reads =
        new ServedReads(
            server,
            new ProxiedSigner(server, path -> url("presigned", path)),
            THROUGH,
            path -> server.request(url(path)));
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
              "Set that server as the workspace's MLflow server: a login is sent only to its own server.");
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
            "Such a location is not supported.");
      }
      return new ProxiedArtifacts(
          server, path.isEmpty() ? List.of() : List.of(path.split("/", -1)));
    }
  }

  @Override
  public List<ArtifactFile> list() {
    return new Listing(server, "list files in " + where("")).files(this::entries);
  }

  /** One folder; its path ends with a slash, or is empty for the root. */
  private JsonNode entries(String folder) {
    String path = where(folder).replaceAll("/+$", "");
    HttpUrl url = api("artifacts").addQueryParameter("path", path).build();
    Attempt attempt = server.attempt("list files in " + ArtifactPath.shown(path));
    Request request = server.request(url).build();
    HttpAnswer answer = server.http().ask(attempt, server.errors(), request);
    if (!answer.isSuccess()) {
      throw server.errors().failure(attempt, request, answer);
    }
    JsonNode json = answer.json();
    if (!json.isObject()) {
      throw server.failure(
          FailureKind.PLATFORM, attempt.tried(), "a response that is not JSON", "Portage retries.");
    }
    return json.path("files");
  }

  @Override
  public ReadCapabilities probeReads(@Nullable String sample) {
    return reads.probe(sample);
  }

  @Override
  public <T> T read(String path, Reader<T> reader) {
    if (reads.isSigned()) {
      return reads.signed(path, reader);
    }
    AtomicBoolean begun = new AtomicBoolean();
    Reader<T> noting =
        new Reader<>() {
          @Override
          public T read(ArtifactSource.Stream stream) {
            begun.set(true);
            return reader.read(stream);
          }

          @Override
          public Retry retry() {
            return reader.retry();
          }
        };
    try {
      return reads.through(path, null, sizeOf(path), noting);
    } catch (ApplicationFailure plain) {
      if (begun.get() || !Integer.valueOf(403).equals(Failures.statusOf(plain))) {
        throw plain;
      }
      // A server that lets no bytes through itself may sign addresses, also unasked by a probe.
      try {
        return reads.signed(path, noting);
      } catch (ApplicationFailure e) {
        throw begun.get() ? e : plain;
      }
    }
  }

  @Override
  public <T> T read(String path, long offset, long length, Reader<T> reader) {
    return reads.read(path, ByteStreams.Range.of(offset, length), sizeOf(path), reader);
  }

  private long sizeOf(String path) {
    return large.getOrDefault(path, 0L);
  }

  /** The server may fetch all of a file before it sends the first byte of it. */
  @Override
  public void willRead(List<ArtifactFile> files) {
    for (ArtifactFile file : files) {
      Long size = file.size();
      if (size != null && size > LARGE) {
        large.put(file.path(), size);
      }
    }
  }

  @Override
  public WriteCapabilities probeWrites() {
    return MultipartUpload.isOffered(server, root)
        ? new WriteCapabilities(THROUGH + ", parts through signed URLs", SignedWrites.S3_LIMITS)
        : new WriteCapabilities(THROUGH, null);
  }

  @Override
  public void write(String path, long size, Body body) {
    if (writesSigned) {
      writeSigned(path, size, body);
      return;
    }
    Attempt attempt = server.attempt("write file " + ArtifactPath.shown(path));
    Request.Builder request = server.request(url(path));
    HttpAnswer answer = streams.send(attempt, request, "PUT", size, body);
    if (answer.isSuccess()) {
      return;
    }
    ApplicationFailure why = server.errors().failure(attempt, request.build(), answer);
    if (!answer.isError("PERMISSION_DENIED") || !MultipartUpload.isOffered(server, root)) {
      throw why;
    }
    writesSigned = true;
    if (!body.isRepeatable()) {
      throw server.failure(
          FailureKind.PLATFORM,
          attempt.tried(),
          "the server accepts no files itself, but signs URLs for uploads",
          "Portage sends it again through a signed URL.");
    }
    writeSigned(path, size, body);
  }

  /** To a server that lets no bytes through itself: all of a file as its only part. */
  private void writeSigned(String path, long size, Body body) {
    Upload upload = begin(path, size, size, 1);
    try {
      upload.complete(List.of(upload.part(1, size, body)));
    } catch (UploadGone gone) {
      throw gone.why();
    }
  }

  @Override
  public boolean delete(String path) {
    Attempt attempt = server.attempt("delete file " + ArtifactPath.shown(path));
    Request request = server.request(url(path)).delete().build();
    HttpAnswer answer = server.http().ask(attempt, server.errors(), request);
    if (!answer.isSuccess() && answer.status() != 404) {
      throw server.errors().failure(attempt, request, answer);
    }
    return true;
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    return MultipartUpload.begin(server, segments(path), parts);
  }

  @Override
  public Upload resume(String path, String token) {
    return MultipartUpload.resume(server, segments(path), token);
  }

  private String where(String path) {
    return String.join("/", root) + (path.isEmpty() ? "" : "/" + path);
  }

  private List<String> segments(String path) {
    List<String> segments = new ArrayList<>(root);
    segments.addAll(List.of(path.split("/", -1)));
    return segments;
  }

  private HttpUrl url(String path) {
    return url("artifacts", path);
  }

  private HttpUrl url(String call, String path) {
    HttpUrl.Builder url = api(call);
    segments(path).forEach(url::addPathSegment);
    return url.build();
  }

  private HttpUrl.Builder api(String call) {
    return server.base().newBuilder().addPathSegments("api/2.0/mlflow-artifacts/" + call);
  }
}
