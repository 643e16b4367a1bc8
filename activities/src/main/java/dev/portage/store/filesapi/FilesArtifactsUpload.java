package dev.portage.store.filesapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.copy.PartLimits;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSink;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.SignedCalls;
import dev.portage.store.signed.SignedWrites;
import dev.portage.store.signed.Signer;
import dev.portage.store.signed.UploadToken;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * A multipart upload through the Files API: started at the workspace, each part sent to a signed
 * URL (requested many at a time), and completed at the workspace. Its session token is all that
 * another process needs to continue.
 */
final class FilesArtifactsUpload implements FilesArtifactsUploads.Begun, Signer {
  private static final String KIND = "files-multipart";

  /** Addresses in one call. */
  private static final int MOST = 100;

  private final FilesArtifactsApi api;
  private final SignedCalls calls;
  private final String path;
  private final String token;
  private final int parts;

  /**
   * An upload that was started.
   *
   * @param token of its session
   */
  FilesArtifactsUpload(FilesArtifactsApi api, String path, String token, int parts) {
    this.api = api;
    this.path = path;
    this.token = token;
    this.parts = parts;
    Grants grants = new Grants(this);
    grants.expect(IntStream.rangeClosed(1, parts).mapToObj(String::valueOf).toList());
    this.calls = new SignedCalls(api.server(), grants);
  }

  /** Continues one that another process started. */
  static FilesArtifactsUpload resume(FilesArtifactsApi api, String path, String token) {
    ObjectNode kept = UploadToken.read(api.server(), KIND, token);
    return new FilesArtifactsUpload(
        api, path, kept.path("session").asText(), kept.path("parts").asInt());
  }

  @Override
  public PartLimits limits() {
    return SignedWrites.S3_LIMITS;
  }

  @Override
  public void probe() {
    part(1, 1, ArtifactSink.Body.of(new byte[1]));
  }

  @Override
  public String token() {
    ObjectNode kept = UploadToken.of(KIND);
    return kept.put("session", token).put("parts", parts).toString();
  }

  @Override
  public int most() {
    return MOST;
  }

  /** Addresses of parts that follow each other. */
  @Override
  public Map<String, Grant> sign(List<String> numbers) {
    int first = numbers.stream().mapToInt(Integer::parseInt).min().orElse(1);
    int last = numbers.stream().mapToInt(Integer::parseInt).max().orElse(1);
    String tried = tried("request permission to write parts of file ", path);
    Instant now = Instant.now();
    Request request =
        api.asking(
            "create-upload-part-urls",
            api.signing(path)
                .put("session_token", token)
                .put("start_part_number", first)
                .put("count", Math.min(MOST, last - first + 1)));
    HttpAnswer answer = api.ask(tried, request);
    requireKnown(tried, request, answer);
    Map<String, Grant> grants = new HashMap<>();
    for (JsonNode address : answer.json().path("upload_part_urls")) {
      grants.put(
          address.path("part_number").asText(),
          FilesArtifactsSigner.grant(api, tried, address, now));
    }
    return grants;
  }

  @Override
  public String part(int number, long size, ArtifactSink.Body body) {
    Attempt attempt = api.server().attempt(tried("write part " + number + " of file ", path));
    HttpAnswer answer =
        calls.send(attempt, String.valueOf(number), "PUT", Grant::request, size, body);
    if (!answer.isSuccess()) {
      ApplicationFailure failure = SignedErrors.failure(attempt, answer);
      throw answer.status() == 404 ? new ArtifactSink.UploadGone(failure) : failure;
    }
    String tag = answer.headers().get("ETag");
    return tag == null ? "" : tag;
  }

  @Override
  public void complete(List<String> tags) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode parts = body.putArray("parts");
    for (int number = 1; number <= tags.size(); number++) {
      parts.addObject().put("part_number", number).put("etag", tags.get(number - 1));
    }
    HttpUrl.Builder url =
        api.file(path)
            .addQueryParameter("action", "complete-upload")
            .addQueryParameter("upload_type", "multipart")
            .addQueryParameter("session_token", token);
    String tried = tried("complete file ", path);
    MlflowServer server = api.server();
    // Putting a large file together may take the store minutes.
    Request request = api.posting(url, body);
    HttpAnswer answer = server.http().send(server.attempt(tried), server.errors(), request);
    requireKnown(tried, request, answer);
  }

  @Override
  public void abort() {
    String tried = tried("abort the upload of file ", path);
    try {
      Request request =
          api.asking("create-abort-upload-url", api.signing(path).put("session_token", token));
      HttpAnswer answer = api.ask(tried, request);
      if (answer.isSuccess()) {
        Grant grant =
            FilesArtifactsSigner.grant(
                api, tried, answer.json().path("abort_upload_url"), Instant.now());
        // The response doesn't matter: a missing session is as good, and the rest expires.
        api.ask(tried, grant.request().delete(RequestBody.EMPTY).build());
      }
    } catch (ApplicationFailure unreachable) {
      return; // As above.
    }
  }

  /** By 404 and 400 a workspace says that a session, or a part of it, is not there. */
  private void requireKnown(String tried, Request request, HttpAnswer answer) {
    if (!answer.isSuccess()) {
      RuntimeException failure = api.failure(tried, request, answer);
      throw answer.status() == 404 || answer.status() == 400
          ? new ArtifactSink.UploadGone(failure)
          : failure;
    }
  }

  private static String tried(String what, String path) {
    return what + ArtifactPath.shown(path);
  }
}
