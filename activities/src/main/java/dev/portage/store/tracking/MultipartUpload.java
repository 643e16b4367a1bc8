package dev.portage.store.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSink;
import dev.portage.store.http.ByteStreams;
import dev.portage.store.http.SignedErrors;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * A multipart upload that the MLflow server starts and completes in the object store behind it,
 * {@code /mlflow-artifacts/mpu/create|complete|abort}. Each part goes to a URL that was signed at
 * the start. No call signs it again: after it expires (an hour), the upload is lost.
 */
final class MultipartUpload implements ArtifactSink.Upload {
  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final MlflowServer server;
  private final List<String> file;
  private final ByteStreams streams;

  /** Answer of the server to the beginning: the upload's id and an address a part. */
  private final JsonNode begun;

  /** Those addresses, by the numbers of their parts. */
  private final Map<Integer, JsonNode> addresses = new HashMap<>();

  private MultipartUpload(MlflowServer server, List<String> file, JsonNode begun) {
    this.server = server;
    this.file = file;
    this.streams = ByteStreams.signed(server.http());
    this.begun = begun;
    begun
        .path("credentials")
        .forEach(credential -> addresses.put(credential.path("part_number").asInt(), credential));
  }

  /** Starts an upload and aborts it at once, to see whether the server supports it. */
  static boolean isOffered(MlflowServer server, List<String> folder) {
    List<String> probe = new ArrayList<>(folder);
    probe.add("portage-probe");
    HttpAnswer answer = post(server, "start a multipart upload", "create", probe, parts(1));
    if (answer.status() == 501 || answer.status() == 404 || answer.status() == 405) {
      return false;
    }
    new MultipartUpload(server, probe, good(server, "start a multipart upload", probe, answer))
        .abort();
    return true;
  }

  static MultipartUpload begin(MlflowServer server, List<String> file, int parts) {
    String tried = "start writing file " + ArtifactPath.shown(file.getLast()) + " in parts";
    JsonNode begun = good(server, tried, file, post(server, tried, "create", file, parts(parts)));
    if (begun.path("credentials").size() != parts) {
      throw server.failure(
          FailureKind.PLATFORM,
          tried,
          begun.path("credentials").size() + " URLs instead of " + parts,
          "Portage retries.");
    }
    return new MultipartUpload(server, file, withEvenBlockIds(begun));
  }

  static MultipartUpload resume(MlflowServer server, List<String> file, String token) {
    try {
      return new MultipartUpload(server, file, MAPPER.readTree(token));
    } catch (JsonProcessingException e) {
      throw new ArtifactSink.UploadGone(
          server.failure(
              FailureKind.PLATFORM,
              "continue an upload",
              "its saved state can't be read",
              "Portage restarts it."));
    }
  }

  /**
   * MLflow names the blocks of Azure {@code mlflow_block_<n>}, but all block ids of a blob have to
   * be of one length, so that from the tenth part on it fails (<a
   * href="https://learn.microsoft.com/rest/api/storageservices/put-block">Put Block</a>). The
   * signature does not cover the id.
   */
  private static JsonNode withEvenBlockIds(JsonNode begun) {
    for (JsonNode credential : begun.path("credentials")) {
      HttpUrl url = HttpUrl.parse(credential.path("url").asText());
      if (url != null
          && "block".equals(url.queryParameter("comp"))
          && url.queryParameter("blockid") != null) {
        String id = "portage_block_%05d".formatted(credential.path("part_number").asInt());
        String encoded = Base64.getEncoder().encodeToString(id.getBytes(StandardCharsets.US_ASCII));
        ((ObjectNode) credential)
            .put("url", url.newBuilder().setQueryParameter("blockid", encoded).toString());
      }
    }
    return begun;
  }

  @Override
  public String token() {
    return begun.toString();
  }

  @Override
  public String part(int number, long size, ArtifactSink.Body body) {
    Attempt attempt = attempt("write part " + number + " of file ");
    JsonNode credential = credential(number);
    HttpUrl url = HttpUrl.parse(credential.path("url").asText());
    if (url == null) {
      throw server.failure(
          FailureKind.PLATFORM, attempt.tried(), "no URL for it", "Portage retries.");
    }
    Request.Builder request = new Request.Builder().url(url).header("User-Agent", "portage");
    Map<String, String> headers = SignedErrors.headers(credential.path("headers"));
    headers.forEach(request::header);
    HttpAnswer answer = streams.send(attempt, request, "PUT", size, body);
    if (!answer.isSuccess()) {
      throw refused(answer, SignedErrors.failure(attempt, answer));
    }
    String tag = answer.headers().get("ETag");
    return tag == null ? "" : tag;
  }

  private JsonNode credential(int number) {
    return addresses.getOrDefault(number, MissingNode.getInstance());
  }

  @Override
  public void complete(List<String> tags) {
    ObjectNode body = body();
    ArrayNode parts = body.putArray("parts");
    for (int number = 1; number <= tags.size(); number++) {
      ObjectNode part = parts.addObject().put("part_number", number);
      part.put("etag", tags.get(number - 1));
      part.put("url", credential(number).path("url").asText());
    }
    String tried = attempt("complete file ").tried();
    // Putting a large file together may take the store minutes.
    Request request = request(server, "complete", file, body);
    HttpAnswer answer = server.http().send(server.attempt(tried), server.errors(), request);
    if (!answer.isSuccess()) {
      ApplicationFailure failure = failure(server, tried, "complete", file, answer);
      // The server hands on what S3 says as an error of its own, in words.
      if (answer.body().contains("NoSuchUpload") || answer.body().contains("InvalidPart")) {
        throw new ArtifactSink.UploadGone(failure);
      }
      throw failure;
    }
  }

  @Override
  public void abort() {
    // What it answers does not matter: an upload that is gone is as good, and Azure has no such
    // call.
    post(server, attempt("abort the upload of file ").tried(), "abort", file, body());
  }

  private RuntimeException refused(HttpAnswer answer, ApplicationFailure failure) {
    return answer.status() == 401 || answer.status() == 403 || answer.status() == 404
        ? new ArtifactSink.UploadGone(failure)
        : failure;
  }

  private Attempt attempt(String what) {
    return server.attempt(what + ArtifactPath.shown(file.getLast()));
  }

  private ObjectNode body() {
    ObjectNode body = MAPPER.createObjectNode();
    if (begun.path("upload_id").isTextual()) {
      body.put("upload_id", begun.path("upload_id").asText());
    }
    return body;
  }

  private static ObjectNode parts(int number) {
    return MAPPER.createObjectNode().put("num_parts", number);
  }

  private static JsonNode good(
      MlflowServer server, String tried, List<String> file, HttpAnswer answer) {
    if (!answer.isSuccess() || !answer.json().isObject()) {
      throw failure(server, tried, "create", file, answer);
    }
    return answer.json();
  }

  private static HttpAnswer post(
      MlflowServer server, String tried, String call, List<String> file, ObjectNode body) {
    return server
        .http()
        .ask(server.attempt(tried), server.errors(), request(server, call, file, body));
  }

  private static Request request(
      MlflowServer server, String call, List<String> file, ObjectNode body) {
    body.put("path", file.getLast());
    return server
        .request(url(server, call, file))
        .post(RequestBody.create(body.toString(), JSON))
        .build();
  }

  private static ApplicationFailure failure(
      MlflowServer server, String tried, String call, List<String> file, HttpAnswer answer) {
    Request request = server.request(url(server, call, file)).build();
    return server.errors().failure(server.attempt(tried), request, answer);
  }

  /** The folder is in the URL, the file's name in the body. */
  private static HttpUrl url(MlflowServer server, String call, List<String> file) {
    HttpUrl.Builder url =
        server.base().newBuilder().addPathSegments("api/2.0/mlflow-artifacts/mpu/" + call);
    file.subList(0, file.size() - 1).forEach(url::addPathSegment);
    return url.build();
  }
}
