package dev.portage.store.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Signer;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Grants of a Databricks workspace for the artifacts of a run ({@code
 * artifacts/credentials-for-read|write}) or of a logged model ({@code
 * logged-models/{id}/artifacts/credentials-for-download|upload}). Source: MLflow's {@code
 * databricks_artifacts.proto} and {@code databricks_artifact_repo.py}.
 */
final class DatabricksSigner implements Signer {
  private static final int MOST_PATHS = 2_000;

  private final TrackedFolder folder;
  private final boolean writing;

  DatabricksSigner(TrackedFolder folder, boolean writing) {
    this.folder = folder;
    this.writing = writing;
  }

  @Override
  public int most() {
    return MOST_PATHS;
  }

  @Override
  public Map<String, Grant> sign(List<String> keys) {
    MlflowServer server = folder.server();
    String tried =
        "request permission to "
            + (writing ? "write" : "read")
            + (keys.size() == 1
                ? " file " + ArtifactPath.shown(keys.getFirst())
                : " " + keys.size() + " files");
    Map<String, String> keyOf = new LinkedHashMap<>();
    keys.forEach(key -> keyOf.put(folder.pathOf(key), key));
    Map<String, Grant> grants = new LinkedHashMap<>();
    Set<String> tokens = new HashSet<>();
    String token = "";
    do {
      Instant now = Instant.now();
      JsonNode page = page(server, tried, List.copyOf(keyOf.keySet()), token);
      JsonNode infos =
          page.path(
              folder.owner() instanceof TrackedFolder.Owner.OfRun
                  ? "credential_infos"
                  : "credentials");
      for (JsonNode entry : infos) {
        JsonNode info = entry.has("credential_info") ? entry.path("credential_info") : entry;
        String key = keyOf.get(info.path("path").asText());
        // Anything that was not requested is ignored.
        if (key != null) {
          grants.put(key, grant(server, tried, info, now));
        }
      }
      token = page.path("next_page_token").asText();
      if (!token.isEmpty() && (infos.isEmpty() || !tokens.add(token))) {
        throw server.failure(
            FailureKind.PLATFORM, tried, "a response that never ends", "Portage retries.");
      }
    } while (!token.isEmpty() && grants.size() < keys.size());
    if (grants.size() < keys.size()) {
      String missing = keys.stream().filter(key -> !grants.containsKey(key)).findFirst().orElse("");
      throw server.failure(
          FailureKind.PLATFORM,
          tried,
          "no URL for " + ArtifactPath.shown(missing),
          "Portage retries.");
    }
    return grants;
  }

  /** A grant as Databricks words it. */
  static Grant grant(MlflowServer server, String tried, JsonNode info, Instant now) {
    return Grant.of(
        server,
        tried,
        info.path("type").asText(),
        info.path("signed_uri").asText(),
        SignedErrors.headers(info.path("headers")),
        now);
  }

  private JsonNode page(MlflowServer server, String tried, List<String> paths, String token) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (!token.isEmpty()) {
      body.put("page_token", token);
    }
    return switch (folder.owner()) {
      case TrackedFolder.Owner.OfRun(String id) -> {
        paths.forEach(body.put("run_id", id).putArray("path")::add);
        yield server.post(tried, "artifacts/credentials-for-" + (writing ? "write" : "read"), body);
      }
      case TrackedFolder.Owner.OfModel(String id) -> {
        paths.forEach(body.putArray("paths")::add);
        yield server.post(
            tried,
            "logged-models/"
                + id
                + "/artifacts/credentials-for-"
                + (writing ? "upload" : "download"),
            body);
      }
    };
  }
}
