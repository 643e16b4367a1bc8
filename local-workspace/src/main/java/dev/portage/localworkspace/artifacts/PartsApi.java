package dev.portage.localworkspace.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.blobs.BlobStore;
import dev.portage.localworkspace.blobs.PartUploads;
import dev.portage.localworkspace.blobs.SignedUrl;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** Multipart uploads of a run's large files, which Databricks offers on AWS. */
final class PartsApi {
  private static final String BASE = "/api/2.0/mlflow/artifacts/";

  /** S3's limit. */
  private static final int MOST_PARTS = 10_000;

  private static final Shape CREATE =
      Shape.fields()
          .needs("run_id", Shape.text(64))
          .needs("path", Shape.text(4096))
          .needs("num_parts", Shape.whole(1, MOST_PARTS));

  private static final Shape COMPLETE =
      Shape.fields()
          .needs("run_id", Shape.text(64))
          .needs("path", Shape.text(4096))
          .needs("upload_id", Shape.text())
          .needs(
              "part_etags",
              Shape.listOf(
                  Shape.fields()
                      .needs("part_number", Shape.whole(1, MOST_PARTS))
                      .needs("etag", Shape.text(200)),
                  MOST_PARTS));

  private final Tracking tracking;
  private final BlobStore store;

  PartsApi(Tracking tracking, BlobStore store) {
    this.tracking = tracking;
    this.store = store;
  }

  void addTo(ApiRoutes routes) {
    routes.on(
        HandlerType.POST, BASE + "create-multipart-upload", Right.REGISTRY_WRITE, this::create);
    // A GET, but what it gives can write.
    routes.on(
        HandlerType.GET, BASE + "get-presigned-upload-part-url", Right.REGISTRY_WRITE, this::part);
    routes.on(
        HandlerType.POST, BASE + "complete-multipart-upload", Right.REGISTRY_WRITE, this::complete);
  }

  private PartUploads parts() {
    if (store instanceof PartUploads parts) {
      return parts;
    }
    // That another cloud refuses the call, and how, is assumed.
    throw ApiRefusal.invalidParameter(
        "Multipart upload is only supported where artifacts are stored on AWS");
  }

  private void create(ApiCall call) throws InterruptedException, IOException {
    JsonNode body = call.body(CREATE);
    PartUploads parts = parts();
    String run = body.get("run_id").asText();
    String path = ArtifactPath.file(body.get("path").asText());
    String key = tracking.run(run).key(path);
    String upload = parts.begin(key);
    ObjectNode answer = Json.object().put("upload_id", upload);
    ArrayNode infos = answer.putArray("upload_credential_infos");
    for (int part = 1; part <= body.get("num_parts").asInt(); part++) {
      fill(infos.addObject(), run, path, parts.signPart(key, upload, part));
    }
    fill(answer.putObject("abort_credential_info"), run, path, parts.signAbort(key, upload));
    call.answer(answer);
  }

  private void part(ApiCall call) throws InterruptedException {
    call.onlyQuery("run_id", "path", "upload_id", "part_number");
    PartUploads parts = parts();
    String run = needed(call, "run_id");
    String path = ArtifactPath.file(needed(call, "path"));
    String upload = needed(call, "upload_id");
    int part = (int) call.queryNumber("part_number", 0, 1, MOST_PARTS);
    if (part == 0) {
      throw ApiRefusal.invalidParameter("Missing required field: part_number");
    }
    ObjectNode answer = Json.object();
    SignedUrl url = parts.signPart(tracking.run(run).key(path), upload, part);
    fill(answer.putObject("upload_credential_info"), run, path, url);
    call.answer(answer);
  }

  private void complete(ApiCall call) throws InterruptedException, IOException {
    JsonNode body = call.body(COMPLETE);
    PartUploads parts = parts();
    String path = ArtifactPath.file(body.get("path").asText());
    SortedMap<Integer, String> etags = new TreeMap<>();
    for (JsonNode part : body.get("part_etags")) {
      if (etags.put(part.get("part_number").asInt(), part.get("etag").asText()) != null) {
        throw ApiRefusal.invalidParameter(
            "Part " + part.get("part_number") + " is named more than once");
      }
    }
    String key = tracking.run(body.get("run_id").asText()).key(path);
    try {
      parts.complete(key, body.get("upload_id").asText(), etags);
    } catch (PartUploads.PartsRefused refused) {
      if (refused.code().equals("NoSuchUpload")) {
        throw ApiRefusal.notFound("RESOURCE_DOES_NOT_EXIST", refused.getMessage() + "");
      }
      throw ApiRefusal.invalidParameter("The upload can't be completed: " + refused.getMessage());
    }
    call.answer(Json.object());
  }

  private void fill(ObjectNode info, String run, String path, SignedUrl url) {
    ArtifactApi.fill(info.put("run_id", run), path, url, store.credentialType());
  }

  private static String needed(ApiCall call, String name) {
    String value = call.query(name);
    if (value == null || value.isEmpty()) {
      throw ApiRefusal.invalidParameter("Missing required field: " + name);
    }
    return value;
  }
}
