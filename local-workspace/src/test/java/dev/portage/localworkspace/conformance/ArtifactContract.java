package dev.portage.localworkspace.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.conformance.Probe.Needs;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What any Databricks workspace must do with artifacts and models. Databricks' Java client lacks
 * these calls, so they are made the way its Python client and MLflow's make them.
 */
final class ArtifactContract {
  private static final String ARTIFACTS = "/api/2.0/mlflow/artifacts/";
  private static final String UNITY = "/api/2.0/mlflow/unity-catalog/";

  private ArtifactContract() {}

  static final List<Probe> PROBES =
      List.of(
          new Probe(
              "an artifact by signed URLs",
              Needs.NOTHING,
              Map.of(
                  "written", "true",
                  "listed", "notes.txt 5",
                  "read", "hello",
                  "a part of it", "206 ell",
                  "a login beside the signature", "refused",
                  "a path that leads upwards", "INVALID_PARAMETER_VALUE"),
              ArtifactContract::artifact),
          new Probe(
              "artifacts of a run that is not there",
              Needs.NOTHING,
              Map.of("error", "RESOURCE_DOES_NOT_EXIST"),
              w ->
                  Map.of(
                      "error",
                      Calls.code(
                          w,
                          "POST",
                          ARTIFACTS + "credentials-for-read",
                          Map.of("run_id", "0".repeat(32), "path", List.of("x"))))),
          new Probe(
              "a model in Unity Catalog",
              Needs.SCHEMA,
              Map.of(
                  "made twice", "RESOURCE_ALREADY_EXISTS",
                  "first version", "1 PENDING_REGISTRATION",
                  "final without files", "INVALID_PARAMETER_VALUE",
                  "a tag key with a dot", "INVALID_PARAMETER_VALUE",
                  "tags in a search", "none",
                  "a filter by tag", "INVALID_PARAMETER_VALUE",
                  "after a deleted version", "2",
                  "after all", "RESOURCE_DOES_NOT_EXIST"),
              ArtifactContract::model),
          new Probe(
              "an upload in parts",
              Needs.VOLUME,
              Map.of(
                  "size", "5242885",
                  "completed again", "refused",
                  "over a file that is there", "ALREADY_EXISTS"),
              ArtifactContract::parts));

  private static Map<String, String> artifact(WorkspaceUnderTest w) {
    String name = "/Shared/conformance-" + UUID.randomUUID();
    String experiment =
        Calls.call(w, "POST", "/api/2.0/mlflow/experiments/create", Map.of("name", name))
            .get("experiment_id")
            .asText();
    try {
      String run =
          Calls.call(
                  w,
                  "POST",
                  "/api/2.0/mlflow/runs/create",
                  Map.of("experiment_id", experiment, "start_time", System.currentTimeMillis()))
              .at("/run/info/run_id")
              .asText();
      Map<String, Object> wanted = Map.of("run_id", run, "path", List.of("notes.txt"));
      JsonNode write =
          Calls.call(w, "POST", ARTIFACTS + "credentials-for-write", wanted)
              .at("/credential_infos/0");
      Map<String, String> seen = new LinkedHashMap<>();
      seen.put("written", Boolean.toString(write(write, "hello")));
      JsonNode listed = Calls.call(w, "GET", ARTIFACTS + "list?run_id=" + run, null).at("/files/0");
      seen.put("listed", listed.path("path").asText() + " " + listed.path("file_size").asText());
      String url =
          Calls.call(w, "POST", ARTIFACTS + "credentials-for-read", wanted)
              .at("/credential_infos/0/signed_uri")
              .asText();
      seen.put("read", Calls.send("GET", url, "").body());
      HttpResponse<String> part = Calls.send("GET", url, "", "Range", "bytes=1-3");
      seen.put("a part of it", part.statusCode() + " " + part.body());
      // Never the real token; shows only that some login is refused.
      HttpResponse<String> both = Calls.send("GET", url, "", "Authorization", "Bearer none");
      seen.put("a login beside the signature", both.statusCode() >= 400 ? "refused" : "taken");
      seen.put(
          "a path that leads upwards",
          Calls.code(
              w,
              "POST",
              ARTIFACTS + "credentials-for-write",
              Map.of("run_id", run, "path", List.of("../x"))));
      return seen;
    } finally {
      Calls.call(
          w, "POST", "/api/2.0/mlflow/experiments/delete", Map.of("experiment_id", experiment));
    }
  }

  /** Writes the way the credential's type requires. */
  private static boolean write(JsonNode credential, String text) {
    String url = credential.path("signed_uri").asText();
    return switch (credential.path("type").asText()) {
      case "AZURE_ADLS_GEN2_SAS_URI" -> {
        String end = "&action=append&position=0&flush=true";
        yield Calls.send("PUT", url + "&resource=file", "").statusCode() == 201
            && Calls.send("PATCH", url + end, text).statusCode() / 100 == 2;
      }
      case "AZURE_SAS_URI" ->
          Calls.send("PUT", url, text, "x-ms-blob-type", "BlockBlob").statusCode() == 201;
      default -> Calls.send("PUT", url, text).statusCode() == 200;
    };
  }

  private static Map<String, String> model(WorkspaceUnderTest w) {
    String name = w.schema() + ".conformance_" + UUID.randomUUID().toString().replace('-', '_');
    String models = UNITY + "registered-models/";
    String versions = UNITY + "model-versions/";
    Map<String, String> seen = new LinkedHashMap<>();
    Calls.call(w, "POST", models + "create", Map.of("name", name));
    try {
      seen.put("made twice", Calls.code(w, "POST", models + "create", Map.of("name", name)));
      Map<String, Object> version =
          Map.of(
              "name",
              name,
              "source",
              "dbfs:/databricks/mlflow-tracking/1/x/artifacts/model",
              "tags",
              List.of(Map.of("key", "promotion", "value", "p1")));
      JsonNode made = Calls.call(w, "POST", versions + "create", version).get("model_version");
      seen.put("first version", made.path("version").asText() + " " + made.path("status").asText());
      Map<String, Object> one = Map.of("name", name, "version", "1");
      seen.put("final without files", Calls.code(w, "POST", versions + "finalize", one));
      seen.put(
          "a tag key with a dot",
          Calls.code(
              w,
              "POST",
              versions + "set-tag",
              Map.of("name", name, "version", "1", "key", "a.b", "value", "c")));
      JsonNode found =
          Calls.call(w, "GET", versions + "search?filter=name%3D%27" + name + "%27", null)
              .at("/model_versions/0");
      seen.put("tags in a search", found.path("tags").isEmpty() ? "none" : "some");
      seen.put(
          "a filter by tag",
          Calls.code(w, "GET", versions + "search?filter=tags.promotion%3D%27p1%27", null));
      Calls.call(w, "DELETE", versions + "delete", one);
      seen.put(
          "after a deleted version",
          Calls.call(w, "POST", versions + "create", version)
              .at("/model_version/version")
              .asText());
    } finally {
      Calls.call(w, "DELETE", models + "delete", Map.of("name", name));
    }
    seen.put("after all", Calls.code(w, "GET", models + "get?name=" + name, null));
    return seen;
  }

  private static Map<String, String> parts(WorkspaceUnderTest w) {
    String path =
        "/Volumes/" + String.valueOf(w.volume()).replace('.', '/') + "/" + UUID.randomUUID();
    String file = "/api/2.0/fs/files" + path;
    String token =
        Calls.call(w, "POST", file + "?action=initiate-upload&overwrite=false", Map.of())
            .at("/multipart_upload/session_token")
            .asText();
    JsonNode urls =
        Calls.call(
                w,
                "POST",
                "/api/2.0/fs/create-upload-part-urls",
                Map.of(
                    "path",
                    path,
                    "session_token",
                    token,
                    "start_part_number",
                    1,
                    "count",
                    2,
                    "expire_time",
                    Instant.now()
                        .plus(Duration.ofHours(1))
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString()))
            .get("upload_part_urls");
    // The smallest part that S3 accepts, other than the last.
    String first = put(urls.get(0), "x".repeat(5 * 1024 * 1024));
    String second = put(urls.get(1), "hello");
    Map<String, Object> parts =
        Map.of(
            "parts",
            List.of(
                Map.of("part_number", 1, "etag", first), Map.of("part_number", 2, "etag", second)));
    String end = file + "?action=complete-upload&upload_type=multipart&session_token=" + token;
    Calls.call(w, "POST", end, parts);
    try {
      return Map.of(
          "size",
          String.valueOf(w.client().files().getMetadata(path).getContentLength()),
          "completed again",
          Calls.code(w, "POST", end, parts).equals("none") ? "taken" : "refused",
          "over a file that is there",
          Calls.code(w, "POST", file + "?action=initiate-upload&overwrite=false", Map.of()));
    } finally {
      w.client().files().delete(path);
    }
  }

  private static String put(JsonNode part, String text) {
    String[] headers = new String[part.path("headers").size() * 2];
    for (int i = 0; i < headers.length; i += 2) {
      headers[i] = part.at("/headers/" + i / 2 + "/name").asText();
      headers[i + 1] = part.at("/headers/" + i / 2 + "/value").asText();
    }
    // Azure returns no ETag for a block.
    return Calls.send("PUT", part.get("url").asText(), text, headers)
        .headers()
        .firstValue("ETag")
        .orElse("");
  }
}
