package dev.portage.store.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Signer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * URLs that an MLflow server signs for a store that it does not proxy, one per call: {@code
 * artifacts/presigned-download-url} (for runs) and {@code artifacts/presigned-upload-url} (for runs
 * and logged models), MLflow 3 with artifacts in S3.
 */
final class PresignedSigner implements Signer {
  private static final Duration ASKED_FOR = Duration.ofHours(1);

  private final TrackedFolder folder;
  private final String scheme;
  private final boolean writing;

  PresignedSigner(TrackedFolder folder, String scheme, boolean writing) {
    this.folder = folder;
    this.scheme = scheme;
    this.writing = writing;
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public Map<String, Grant> sign(List<String> keys) {
    MlflowServer server = folder.server();
    String key = keys.getFirst();
    String tried =
        "request permission to "
            + (writing ? "write" : "read")
            + " file "
            + ArtifactPath.shown(key);
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("path", folder.pathOf(key))
            .put("expiration", ASKED_FOR.toSeconds());
    switch (folder.owner()) {
      case TrackedFolder.Owner.OfRun(String id) -> body.put("run_id", id);
      case TrackedFolder.Owner.OfModel(String id) -> {
        if (!writing) {
          throw ArtifactStores.unreachable(
              server,
              "they belong to a logged model in " + scheme + ", for which MLflow signs no URLs");
        }
        body.put("model_id", id);
      }
    }
    String call = "artifacts/presigned-" + (writing ? "upload" : "download") + "-url";
    Instant now = Instant.now();
    HttpAnswer answer = server.send(tried, "POST", call, body);
    if (isNotOffered(answer)) {
      throw ArtifactStores.unreachable(
          server, "they are in a store of scheme \"" + scheme + "\", and the server signs no URLs");
    }
    JsonNode json = server.good(tried, call, answer);
    Grant grant =
        Grant.of(
            server,
            tried,
            "",
            json.path("presigned_url").asText(),
            SignedErrors.headers(json.path("headers")),
            now);
    return Map.of(key, grant);
  }

  /** Not by this store, or not by a server of this age, which answers with a page. */
  private static boolean isNotOffered(HttpAnswer answer) {
    return answer.status() == 501
        || answer.isError("NOT_IMPLEMENTED")
        || answer.isError("ENDPOINT_NOT_FOUND")
        || ((answer.status() == 404 || answer.status() == 405) && answer.errorCode() == null);
  }
}
