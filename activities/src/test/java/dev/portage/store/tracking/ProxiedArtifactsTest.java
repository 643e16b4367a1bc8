package dev.portage.store.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.store.ArtifactStore;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A tracking server that passes no bytes itself but signs URLs of its store. */
class ProxiedArtifactsTest extends SignedWorld {
  private static final String ROOT = "mlflow-artifacts:/7/run/artifacts";
  private @Nullable String upload;

  private MockResponse signsOnly(RecordedRequest request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    String path = String.join("/", request.getUrl().pathSegments());
    String key = path.replaceFirst("^api/2.0/mlflow-artifacts/(artifacts|presigned)/", "");
    if (path.contains("mlflow-artifacts/artifacts/")) {
      return FakeSigning.refusal(403, "PERMISSION_DENIED", "this server lets no artifacts through");
    }
    if (path.contains("mlflow-artifacts/presigned/")) {
      return FakeSigning.json(200, answer.put("url", blobs.sign(key).toString()));
    }
    return multipart(request, answer);
  }

  /** For the one file written here. */
  private MockResponse multipart(RecordedRequest request, ObjectNode answer) {
    String target = request.getTarget();
    if (target.contains("/mpu/create/")) {
      upload = blobs.beginUpload();
      HttpUrl url =
          blobs
              .sign("part")
              .newBuilder()
              .addQueryParameter("uploadId", upload)
              .addQueryParameter("partNumber", "1")
              .build();
      answer.put("upload_id", upload);
      answer.putArray("credentials").addObject().put("part_number", 1).put("url", url.toString());
    } else if (target.contains("/mpu/complete/")) {
      blobs.endUpload(String.valueOf(upload), "7/run/artifacts/MLmodel", List.of("tag"));
    }
    return FakeSigning.json(200, answer);
  }

  @Test
  void filesGoToItsStoreDirectlyEmptyOnesIncluded() {
    mlflow.before = this::signsOnly;
    ArtifactStore store = at(ROOT);

    write(store, "MLmodel", "flavors");
    assertThat(text(store, "MLmodel")).isEqualTo("flavors");
    write(at(ROOT), "MLmodel", "");
    assertThat(text(at(ROOT), "MLmodel")).isEmpty();

    assertThatThrownBy(() -> at(ROOT).write("MLmodel", 1, once("x")))
        .hasMessageContaining("signs URLs for uploads");
  }

  @Test
  void aLoginThatMayNotWriteIsReported() {
    mlflow.before = _ -> FakeSigning.refusal(403, "PERMISSION_DENIED", "you may not");

    assertThatThrownBy(() -> write(at(ROOT), "MLmodel", "x")).hasMessageContaining("you may not");
    assertThatThrownBy(() -> text(at(ROOT), "MLmodel")).hasMessageContaining("you may not");
  }
}
