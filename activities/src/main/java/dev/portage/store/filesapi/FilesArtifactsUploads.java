package dev.portage.store.filesapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.copy.PartLimits;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSink;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.UploadToken;
import io.temporal.failure.ApplicationFailure;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * Multipart uploads through the Files API, which start at the workspace. The workspace says which
 * protocol follows: on Google Cloud it is a different one. Source: {@code
 * databricks/sdk/mixins/files.py} of Databricks' SDK for Python.
 */
final class FilesArtifactsUploads {
  private FilesArtifactsUploads() {}

  /** An upload that a workspace started. */
  interface Begun extends ArtifactSink.Upload {

    /** What holds for its parts. */
    PartLimits limits();

    /**
     * Finds out whether the network lets it through. After that, it can only be aborted.
     *
     * @throws RuntimeException when it does not
     */
    void probe();
  }

  /**
   * Requests an upload, tries it and aborts it, to find out whether the workspace offers multipart
   * uploads and the network permits them.
   *
   * @return what is supported for parts, null if nothing is
   */
  static @Nullable PartLimits offered(FilesArtifactsApi api) {
    Begun upload = ask(api, "portage-probe", 1, 1, 1, false);
    if (upload == null) {
      return null;
    }
    try {
      upload.probe();
      return upload.limits();
    } catch (ArtifactSink.UploadGone gone) {
      return null;
    } catch (ApplicationFailure failure) {
      return null; // The store is not for this network to reach, or refuses what is signed.
    } finally {
      upload.abort();
    }
  }

  /** Begins one; as {@link ArtifactSink#begin}. */
  static Begun begin(FilesArtifactsApi api, String path, long size, long partBytes, int parts) {
    Begun upload = ask(api, path, size, partBytes, parts, true);
    if (upload == null) {
      throw api.server()
          .failure(
              FailureKind.PLATFORM,
              tried(path),
              "the workspace no longer offers multipart uploads",
              "Portage detects again what it offers.");
    }
    return upload;
  }

  /** Takes up one; as {@link ArtifactSink#resume}. */
  static Begun resume(FilesArtifactsApi api, String path, String token) {
    return UploadToken.isOf(FilesArtifactsResumable.KIND, token)
        ? FilesArtifactsResumable.resume(api, path, token)
        : FilesArtifactsUpload.resume(api, path, token);
  }

  /** Null where the workspace offers none, or by a protocol that is not known. */
  private static @Nullable Begun ask(
      FilesArtifactsApi api, String path, long size, long partBytes, int parts, boolean isNeeded) {
    Request request =
        api.request(
                api.file(path)
                    .addQueryParameter("action", "initiate-upload")
                    .addQueryParameter("overwrite", "true"))
            .post(RequestBody.EMPTY)
            .build();
    JsonNode begun = ask(api, path, request, isNeeded);
    JsonNode multipart = begun.path("multipart_upload").path("session_token");
    if (multipart.isTextual()) {
      return new FilesArtifactsUpload(api, path, multipart.asText(), parts);
    }
    JsonNode resumable = begun.path("resumable_upload").path("session_token");
    if (!resumable.isTextual()) {
      return null;
    }
    ObjectNode session = JsonNodeFactory.instance.objectNode().put("path", api.path(path));
    session.set("session_token", resumable);
    JsonNode address =
        ask(api, path, api.asking("create-resumable-upload-url", session), isNeeded)
            .path("resumable_upload_url");
    return address.isObject() || isNeeded
        ? new FilesArtifactsResumable(api, path, address, size, partBytes)
        : null;
  }

  /** A missing node if the workspace does not support the call, unless it is required. */
  private static JsonNode ask(
      FilesArtifactsApi api, String path, Request request, boolean isNeeded) {
    HttpAnswer answer = api.ask(tried(path), request);
    if (!answer.isSuccess() && (isNeeded || SignedErrors.isPassing(answer.status()))) {
      throw api.failure(tried(path), request, answer);
    }
    return answer.isSuccess() ? answer.json() : MissingNode.getInstance();
  }

  private static String tried(String path) {
    return "start writing file " + ArtifactPath.shown(path);
  }
}
