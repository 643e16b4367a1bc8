package dev.portage.store.signed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSink;
import org.jspecify.annotations.Nullable;

/** What is stored about a multipart upload, as JSON. */
public final class UploadToken {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private UploadToken() {}

  /** One to fill. */
  public static ObjectNode of(String kind) {
    return MAPPER.createObjectNode().put("kind", kind);
  }

  /** Whether it is of this kind. */
  public static boolean isOf(String kind, String token) {
    return kept(kind, token) != null;
  }

  private static @Nullable ObjectNode kept(String kind, String token) {
    try {
      return MAPPER.readTree(token) instanceof ObjectNode json
              && kind.equals(json.path("kind").asText())
          ? json
          : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /**
   * Reads one.
   *
   * @throws ArtifactSink.UploadGone when it is not of this kind: the store is another by now
   */
  public static ObjectNode read(MlflowServer server, String kind, String token) {
    ObjectNode kept = kept(kind, token);
    if (kept != null) {
      return kept;
    }
    throw new ArtifactSink.UploadGone(
        server.failure(
            FailureKind.PLATFORM,
            "continue an upload",
            "its saved state can't be used here",
            "Portage restarts it."));
  }
}
