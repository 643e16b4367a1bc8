package dev.portage.store.filesapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Signer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import okhttp3.Request;

/** Grants of the Files API for whole files: {@code create-download-url|create-upload-url}. */
final class FilesArtifactsSigner implements Signer {
  private final FilesArtifactsApi api;
  private final String call;

  /** Grants that this call gives. */
  FilesArtifactsSigner(FilesArtifactsApi api, String call) {
    this.api = api;
    this.call = call;
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public Map<String, Grant> sign(List<String> keys) {
    String path = keys.getFirst();
    String tried = "request a signed URL for file " + ArtifactPath.shown(path);
    Request request = api.asking(call, api.signing(path));
    Instant now = Instant.now();
    HttpAnswer answer = api.ask(tried, request);
    if (!answer.isSuccess()) {
      throw api.failure(tried, request, answer);
    }
    return Map.of(path, grant(api, tried, answer.json(), now));
  }

  /** Reads a signed address. */
  static Grant grant(FilesArtifactsApi api, String tried, JsonNode json, Instant now) {
    if (!json.path("url").isTextual()) {
      throw api.server().failure(FailureKind.PLATFORM, tried, "no signed URL", "Portage retries.");
    }
    return Grant.of(
        api.server(),
        tried,
        "files",
        json.path("url").asText(),
        SignedErrors.headers(json.path("headers")),
        now);
  }
}
