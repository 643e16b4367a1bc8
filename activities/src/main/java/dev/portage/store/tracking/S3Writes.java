package dev.portage.store.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.copy.PartLimits;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.Upload;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.http.ByteStreams;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.SignedCalls;
import dev.portage.store.signed.SignedWrites;
import dev.portage.store.signed.Signer;
import dev.portage.store.signed.UploadToken;
import dev.portage.store.signed.WholeWrites;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * S3 objects for which a Databricks workspace signs URLs: small ones by one {@code PUT}, large ones
 * through {@code
 * artifacts/create-multipart-upload|get-presigned-upload-part-url|complete-multipart-upload} if it
 * offers that. Source: MLflow's {@code databricks_artifacts.proto}.
 */
public final class S3Writes implements SignedWrites {
  private static final Logger LOG = LoggerFactory.getLogger(S3Writes.class);
  private static final String KIND = "s3-multipart";

  private final TrackedFolder folder;
  private final MlflowServer server;
  private final WholeWrites whole;
  private @Nullable Boolean offered;

  S3Writes(TrackedFolder folder, Grants grants) {
    this.folder = folder;
    this.server = folder.server();
    this.whole = new WholeWrites(server, grants);
  }

  /** Found out by starting an upload, which is aborted at once. */
  @Override
  public synchronized @Nullable PartLimits parts() {
    if (offered == null) {
      String tried = "start a multipart upload";
      String path = SignedWrites.PROBE;
      HttpAnswer answer = create(tried, path, 1);
      boolean there = answer.isSuccess();
      if (there) {
        parts(path, server.good(tried, "artifacts/create-multipart-upload", answer)).abort();
      } else if (SignedErrors.isPassing(answer.status())) {
        throw failure(tried, answer);
      }
      offered = there;
    }
    return offered ? SignedWrites.S3_LIMITS : null;
  }

  @Override
  public void write(String path, long size, Body body) {
    whole.write(path, size, body);
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    String tried = "start writing file " + ArtifactPath.shown(path) + " in parts";
    HttpAnswer answer = create(tried, path, parts);
    JsonNode begun = server.good(tried, "artifacts/create-multipart-upload", answer);
    Parts upload = parts(path, begun);
    Instant now = Instant.now();
    int number = 0;
    for (JsonNode info : begun.path("upload_credential_infos")) {
      upload
          .calls
          .grants()
          .keep(String.valueOf(++number), DatabricksSigner.grant(server, tried, info, now));
    }
    return upload;
  }

  private Parts parts(String path, JsonNode begun) {
    String id = begun.path("upload_id").asText();
    if (id.isEmpty()) {
      throw server.failure(
          FailureKind.PLATFORM,
          "start writing file " + ArtifactPath.shown(path) + " in parts",
          "an upload without an id",
          "Portage retries.");
    }
    return new Parts(path, id, begun.path("abort_credential_info"));
  }

  @Override
  public Upload resume(String path, String token) {
    ObjectNode kept = UploadToken.read(server, KIND, token);
    return new Parts(path, kept.path("id").asText(), kept.path("abort"));
  }

  private HttpAnswer create(String tried, String path, int parts) {
    ObjectNode body = of(path).put("num_parts", parts);
    return server.send(tried, "POST", "artifacts/create-multipart-upload", body);
  }

  private ObjectNode of(String path) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("run_id", folder.owner().id())
        .put("path", folder.pathOf(path));
  }

  private ApplicationFailure failure(String tried, HttpAnswer answer) {
    return server
        .errors()
        .failure(server.attempt(tried), server.request(server.base()).build(), answer);
  }

  private final class Parts implements Upload, Signer {
    private final String path;
    private final String id;
    private final JsonNode abort;
    private final SignedCalls calls = new SignedCalls(server, new Grants(this));

    private Parts(String path, String id, JsonNode abort) {
      this.path = path;
      this.id = id;
      this.abort = abort;
    }

    @Override
    public String token() {
      ObjectNode token = UploadToken.of(KIND).put("id", id);
      return token.set("abort", abort).toString();
    }

    @Override
    public int most() {
      return 1;
    }

    /** A new URL for a part, requested as by MLflow's own client when the first expired. */
    @Override
    public Map<String, Grant> sign(List<String> numbers) {
      String number = numbers.getFirst();
      String tried =
          "request permission to write part " + number + " of " + ArtifactPath.shown(path);
      Map<String, String> query =
          Map.of(
              "run_id",
              folder.owner().id(),
              "path",
              folder.pathOf(path),
              "upload_id",
              id,
              "part_number",
              number);
      Instant now = Instant.now();
      HttpAnswer answer = server.ask(tried, "artifacts/get-presigned-upload-part-url", query);
      if (answer.status() == 404) {
        throw new UploadGone(failure(tried, answer));
      }
      JsonNode signed = server.good(tried, "artifacts/get-presigned-upload-part-url", answer);
      return Map.of(
          number,
          DatabricksSigner.grant(server, tried, signed.path("upload_credential_info"), now));
    }

    @Override
    public String part(int number, long size, Body body) {
      Attempt attempt =
          server.attempt("write part " + number + " of file " + ArtifactPath.shown(path));
      HttpAnswer answer =
          calls.send(attempt, String.valueOf(number), "PUT", Grant::request, size, body);
      return SignedWrites.tagOf(server, attempt, answer);
    }

    @Override
    public void complete(List<String> tags) {
      ObjectNode body = of(path).put("upload_id", id);
      ArrayNode parts = body.putArray("part_etags");
      for (int number = 1; number <= tags.size(); number++) {
        parts.addObject().put("part_number", number).put("etag", tags.get(number - 1));
      }
      String tried = "complete file " + ArtifactPath.shown(path);
      HttpAnswer answer = server.send(tried, "POST", "artifacts/complete-multipart-upload", body);
      if (!answer.isSuccess()) {
        ApplicationFailure failure = failure(tried, answer);
        throw answer.status() == 404 || answer.status() == 400 ? new UploadGone(failure) : failure;
      }
    }

    @Override
    public void abort() {
      String tried = "abort the upload of file " + ArtifactPath.shown(path);
      try {
        Grant grant = DatabricksSigner.grant(server, tried, abort, Instant.now());
        ByteStreams.signed(server.http())
            .send(server.attempt(tried), grant.request(), "DELETE", 0, SignedCalls.NOTHING);
      } catch (ApplicationFailure e) {
        // There is no other address for it; S3's own rules clean up.
        LOG.debug("a multipart upload is left behind in workspace {}", server.workspace());
      }
    }
  }
}
