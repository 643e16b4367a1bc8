package dev.portage.store.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Artifacts in cloud storage whose URLs an MLflow server signs, or doesn't. */
class PresignedArtifactsTest extends SignedWorld {
  private static final String ROOT = "s3://mlflow/7/" + RUN + "/artifacts";

  /** As an MLflow 3 server in front of S3 answers. */
  private @Nullable MockResponse signs(RecordedRequest request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    String target = request.getTarget();
    if (target.contains("runs/get")) {
      answer.putObject("run").putObject("info").put("run_id", RUN).put("artifact_uri", ROOT);
      return FakeSigning.json(200, answer);
    }
    if (target.endsWith("artifacts/presigned-upload-url")
        || target.endsWith("artifacts/presigned-download-url")) {
      JsonNode body = json(request);
      answer.put("presigned_url", blobs.sign(RUN + "/" + body.path("path").asText()).toString());
      answer.putObject("headers").put("Content-Type", "text/plain");
      assertThat(body.path("run_id").asText()).isEqualTo(RUN);
      return FakeSigning.json(200, answer);
    }
    return signing.answer(request);
  }

  private static JsonNode json(RecordedRequest request) {
    try {
      return new ObjectMapper().readTree(Objects.requireNonNull(request.getBody()).toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void filesAreReadAndWrittenBySignedUrls() {
    mlflow.before = this::signs;
    ArtifactStore folder = at(ROOT + "/model");

    assertThat(folder.probeWrites().shown())
        .isEqualTo("through URLs signed by the MLflow server, whole files");
    write(folder, "MLmodel", "flavors");
    assertThat(blobs.requests.getLast().getHeaders().get("Content-Type")).isEqualTo("text/plain");
    blobs.expire();

    assertThat(folder.list()).containsExactly(new ArtifactFile("MLmodel", 7L));
    assertThat(folder.probeReads("MLmodel").ranges()).isTrue();
    assertThat(text(folder, "MLmodel")).isEqualTo("flavors");
    assertThat(folder.delete("MLmodel")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405, 501})
  void aServerThatDoesNotSignIsReportedClearly(int status) {
    mlflow.before =
        request ->
            request.getTarget().contains("presigned")
                ? new MockResponse.Builder().code(status).body("<title>no</title>").build()
                : signs(request);

    assertThatThrownBy(() -> at(ROOT).probeWrites())
        .hasMessageContaining("scheme \"s3\", and the server signs no URLs")
        .hasMessageContaining("--serve-artifacts");
    assertThatThrownBy(() -> at(ROOT).probeReads("MLmodel")).hasMessageContaining("signs no URLs");
  }

  @Test
  void locationsOfAnUnknownOwnerAreRefusedBeforeAnyCall() {
    for (String uri :
        new String[] {
          "gs://bucket/models/churn", "abfss://c@a.example.com/x", "hdfs://h/x", "/tmp/x"
        }) {
      assertThatThrownBy(() -> at(uri))
          .hasMessageContaining("reach the artifacts of workspace dev");
    }
    assertThat(mlflow.asked()).isEmpty();
  }
}
