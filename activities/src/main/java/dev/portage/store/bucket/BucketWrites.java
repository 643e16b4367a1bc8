package dev.portage.store.bucket;

import dev.portage.copy.PartLimits;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.Upload;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.SignedCalls;
import dev.portage.store.signed.SignedWrites;
import dev.portage.store.signed.UploadToken;
import dev.portage.store.signed.WholeWrites;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects of a bucket: small ones by one {@code PUT}, large ones by a <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html">multipart
 * upload</a>, which <a href="https://cloud.google.com/storage/docs/multipart-uploads">Google</a>
 * and <a href="https://developers.cloudflare.com/r2/objects/multipart-objects/">R2</a> take too.
 */
final class BucketWrites implements SignedWrites {
  private static final Logger LOG = LoggerFactory.getLogger(BucketWrites.class);
  private static final String KIND = "bucket-multipart";
  private static final String UPLOAD = "uploadId";
  private static final Set<String> GONE =
      Set.of("NoSuchUpload", "InvalidPart", "InvalidPartOrder", "EntityTooSmall");

  private final MlflowServer server;
  private final BucketCalls calls;
  private final WholeWrites whole;
  private @Nullable Boolean offered;

  BucketWrites(MlflowServer server, BucketCalls calls) {
    this.server = server;
    this.calls = calls;
    this.whole = new WholeWrites(server, calls.grants("PUT"));
  }

  /** Found out by starting an upload, which is aborted at once. */
  @Override
  public synchronized @Nullable PartLimits parts() {
    if (offered == null) {
      offered = isOffered();
    }
    return offered ? SignedWrites.S3_LIMITS : null;
  }

  private boolean isOffered() {
    try {
      begin(SignedWrites.PROBE).abort();
      return true;
    } catch (ApplicationFailure e) {
      Integer status = Failures.statusOf(e);
      if (status == null || SignedErrors.isPassing(status)) {
        throw e;
      }
      return false; // Whole files may still be permitted.
    }
  }

  @Override
  public void write(String path, long size, Body body) {
    whole.write(path, size, body);
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    return begin(path);
  }

  private Parts begin(String path) {
    Attempt attempt =
        server.attempt("start writing file " + ArtifactPath.shown(path) + " in parts");
    HttpAnswer answer =
        calls.send(attempt, "POST", path, Map.of("uploads", ""), 0, SignedCalls.NOTHING);
    if (!answer.isSuccess()) {
      throw SignedErrors.failure(attempt, answer);
    }
    String id = BucketXml.of(server, attempt, answer).text("UploadId");
    if (id.isEmpty()) {
      throw server.failure(
          FailureKind.PLATFORM, attempt.tried(), "an upload without an id", "Portage retries.");
    }
    return new Parts(path, id);
  }

  @Override
  public Upload resume(String path, String token) {
    return new Parts(path, UploadToken.read(server, KIND, token).path("id").asText());
  }

  private final class Parts implements Upload {
    private final String path;
    private final String id;

    private Parts(String path, String id) {
      this.path = path;
      this.id = id;
    }

    @Override
    public String token() {
      return UploadToken.of(KIND).put("id", id).toString();
    }

    @Override
    public String part(int number, long size, Body body) {
      Attempt attempt =
          server.attempt("write part " + number + " of file " + ArtifactPath.shown(path));
      Map<String, String> query = Map.of("partNumber", String.valueOf(number), UPLOAD, id);
      return SignedWrites.tagOf(
          server, attempt, calls.send(attempt, "PUT", path, query, size, body));
    }

    @Override
    public void complete(List<String> tags) {
      Attempt attempt = server.attempt("complete file " + ArtifactPath.shown(path));
      StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
      for (int number = 1; number <= tags.size(); number++) {
        xml.append("<Part><PartNumber>").append(number).append("</PartNumber><ETag>");
        xml.append(escaped(tags.get(number - 1))).append("</ETag></Part>");
      }
      byte[] list =
          xml.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
      HttpAnswer answer =
          calls.send(attempt, "POST", path, Map.of(UPLOAD, id), list.length, Body.of(list));
      // S3 may begin a response with 200 before it knows the result, and report an error in the
      // body.
      if (!answer.isSuccess() || isError(attempt, answer)) {
        ApplicationFailure failure = SignedErrors.failure(attempt, answer);
        throw GONE.contains(String.valueOf(SignedErrors.code(answer)))
            ? new UploadGone(failure)
            : failure;
      }
    }

    private boolean isError(Attempt attempt, HttpAnswer answer) {
      return BucketXml.of(server, attempt, answer).name().equals("Error");
    }

    @Override
    public void abort() {
      Attempt attempt = server.attempt("abort the upload of file " + ArtifactPath.shown(path));
      try {
        calls.send(attempt, "DELETE", path, Map.of(UPLOAD, id), 0, SignedCalls.NOTHING);
      } catch (ApplicationFailure e) {
        // What is gone is as good; what is left behind, the bucket's own rules clean up.
        LOG.debug("a multipart upload is left behind in workspace {}", server.workspace());
      }
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
