package dev.portage.store.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.mlflow.FakeMlflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** The part of a Databricks workspace that lists artifacts and signs their URLs. */
final class FakeSigning {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RUN = "0123456789abcdef0123456789abcdef";
  private static final String MODEL = "m-0123456789abcdef0123456789abcdef";

  static final String RUN_URI = "dbfs:/databricks/mlflow-tracking/7/" + RUN + "/artifacts";
  static final String MODEL_URI =
      "dbfs:/databricks/mlflow-tracking/7/logged_models/" + MODEL + "/artifacts";

  /** The kind of URLs. */
  volatile String type = "AZURE_SAS_URI";

  /** Page size. */
  volatile int page = 1000;

  volatile boolean multipart = true;

  private final FakeBlobs blobs;

  FakeSigning(FakeMlflow mlflow, FakeBlobs blobs) {
    this.blobs = blobs;
    mlflow.before = this::answer;
  }

  @Nullable MockResponse answer(RecordedRequest request) {
    HttpUrl url = request.getUrl();
    String call =
        request.getMethod()
            + " "
            + String.join("/", url.pathSegments()).replaceFirst("^api/2.0/mlflow/", "");
    JsonNode body = bodyOf(request);
    ObjectNode answer = JSON.createObjectNode();
    switch (call) {
      case "GET runs/get" ->
          answer.putObject("run").putObject("info").put("run_id", RUN).put("artifact_uri", RUN_URI);
      case "GET logged-models/" + MODEL -> {
        ObjectNode info = answer.putObject("model").putObject("info");
        info.put("model_id", MODEL).put("artifact_uri", MODEL_URI);
      }
      case "POST artifacts/credentials-for-read", "POST artifacts/credentials-for-write" ->
          grants(answer, "credential_infos", body.path("path"), body, RUN);
      case "POST logged-models/" + MODEL + "/artifacts/credentials-for-download",
          "POST logged-models/" + MODEL + "/artifacts/credentials-for-upload" ->
          grants(answer, "credentials", body.path("paths"), body, MODEL);
      case "GET artifacts/list" -> list(answer, RUN, url.queryParameter("path"), url);
      case "GET logged-models/" + MODEL + "/artifacts/directories" ->
          list(answer, MODEL, url.queryParameter("artifact_directory_path"), url);
      default -> {
        return multipart ? multipart(call, url, body, answer) : null;
      }
    }
    return json(200, answer);
  }

  private void grants(
      ObjectNode answer, String field, JsonNode paths, JsonNode body, String owner) {
    int from = body.path("page_token").asInt();
    int to = Math.min(paths.size(), from + page);
    for (int i = from; i < to; i++) {
      ObjectNode entry = answer.withArray(field).addObject();
      credential(
          field.equals("credentials") ? entry.putObject("credential_info") : entry,
          paths.path(i).asText(),
          blobs.sign(owner + "/" + paths.path(i).asText()));
    }
    if (to < paths.size()) {
      answer.put("next_page_token", String.valueOf(to));
    }
  }

  private void credential(ObjectNode entry, String path, HttpUrl url) {
    entry.put("path", path).put("signed_uri", url.toString()).put("type", type);
    entry.putArray("headers").addObject().put("name", "x-ms-meta-made").put("value", "here");
  }

  private @Nullable MockResponse multipart(
      String call, HttpUrl url, JsonNode body, ObjectNode answer) {
    String key = RUN + "/" + body.path("path").asText();
    switch (call) {
      case "POST artifacts/create-multipart-upload" -> {
        String id = blobs.beginUpload();
        answer.put("upload_id", id);
        for (int part = 1; part <= body.path("num_parts").asInt(); part++) {
          credential(
              answer.withArray("upload_credential_infos").addObject(), "", part(key, id, part));
        }
        credential(answer.putObject("abort_credential_info"), "", part(key, id, 0));
      }
      case "GET artifacts/get-presigned-upload-part-url" ->
          credential(
              answer.putObject("upload_credential_info"),
              "",
              part(
                  RUN + "/" + url.queryParameter("path"),
                  String.valueOf(url.queryParameter("upload_id")),
                  Integer.parseInt(String.valueOf(url.queryParameter("part_number")))));
      case "POST artifacts/complete-multipart-upload" -> {
        List<String> tags = new ArrayList<>();
        body.path("part_etags").forEach(part -> tags.add(part.path("etag").asText()));
        if (!blobs.endUpload(body.path("upload_id").asText(), key, tags)) {
          return refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such upload");
        }
      }
      default -> {
        return null;
      }
    }
    return json(200, answer);
  }

  private HttpUrl part(String key, String id, int number) {
    return blobs
        .sign(key)
        .newBuilder()
        .addQueryParameter("uploadId", id)
        .addQueryParameter("partNumber", String.valueOf(number))
        .build();
  }

  private void list(ObjectNode answer, String owner, @Nullable String folder, HttpUrl url) {
    String root = owner + "/" + (folder == null ? "" : folder + "/");
    Map<String, ObjectNode> found = new TreeMap<>();
    blobs.files.forEach((key, bytes) -> {
      if (key.startsWith(root)) {
        String rest = key.substring(root.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        ObjectNode entry =
            JSON.createObjectNode()
                .put("path", (folder == null ? "" : folder + "/") + name)
                .put("is_dir", slash >= 0);
        found.put(name, slash < 0 ? entry.put("file_size", bytes.length) : entry);
      }
    });
    List<ObjectNode> all = List.copyOf(found.values());
    String token = url.queryParameter("page_token");
    int from = token == null ? 0 : Integer.parseInt(token);
    int to = Math.min(all.size(), from + page);
    all.subList(from, to).forEach(answer.withArray("files")::add);
    if (to < all.size()) {
      answer.put("next_page_token", String.valueOf(to));
    }
  }

  static MockResponse json(int status, JsonNode body) {
    return new MockResponse.Builder().code(status).body(body.toString()).build();
  }

  static MockResponse refusal(int status, String code, String message) {
    return json(status, JSON.createObjectNode().put("error_code", code).put("message", message));
  }

  private static JsonNode bodyOf(RecordedRequest request) {
    try {
      return JSON.readTree(request.getBody() == null ? "{}" : request.getBody().utf8());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
