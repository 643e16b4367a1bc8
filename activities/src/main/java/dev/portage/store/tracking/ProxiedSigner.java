package dev.portage.store.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Signer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Read URLs that an MLflow server signs, one per call: {@code GET
 * /mlflow-artifacts/presigned/<path>}, MLflow 3 in front of an object store.
 */
final class ProxiedSigner implements Signer {
  private final MlflowServer server;
  private final Function<String, HttpUrl> asking;

  /**
   * Signs by this server's word.
   *
   * @param asking where to request the URL of a file
   */
  ProxiedSigner(MlflowServer server, Function<String, HttpUrl> asking) {
    this.server = server;
    this.asking = asking;
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public Map<String, Grant> sign(List<String> keys) {
    String path = keys.getFirst();
    String tried = "request permission to read file " + ArtifactPath.shown(path);
    Request request = server.request(asking.apply(path)).build();
    Instant now = Instant.now();
    HttpAnswer answer = server.http().ask(server.attempt(tried), server.errors(), request);
    if (!answer.isSuccess()) {
      throw server.errors().failure(server.attempt(tried), request, answer);
    }
    JsonNode json = answer.json();
    return Map.of(
        path,
        Grant.of(
            server,
            tried,
            "",
            json.path("url").asText(),
            SignedErrors.headers(json.path("headers")),
            now));
  }
}
