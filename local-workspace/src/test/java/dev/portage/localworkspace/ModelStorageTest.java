package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.models.ModelSettings;
import dev.portage.localworkspace.models.ModelSettings.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of model versions that the Files API with a token can't reach. */
class ModelStorageTest {
  private static final String BASE = "/api/2.0/mlflow/unity-catalog/";
  private static final String MODELS = BASE + "registered-models/";
  private static final String VERSIONS = BASE + "model-versions/";
  private static final String NAME = "\"name\": \"main.ml.diabetes\"";
  private static final String ONE = "{" + NAME + ", \"version\": \"1\"}";
  private static final String SIGNED =
      "signature:\n  inputs: '[{\"type\": \"double\"}]'\n  outputs: '[{\"type\": \"double\"}]'\n";

  @TempDir Path folder;
  private FakeTracking tracking;
  private TestWorkspace test;
  private SignedCalls calls;

  @BeforeEach
  void start() throws IOException {
    tracking = new FakeTracking();
    open(Storage.PRESIGNED);
  }

  private void open(Storage storage) throws IOException {
    test =
        TestWorkspace.with(
            folder,
            tracking.url(),
            settings ->
                settings
                    .artifacts(ArtifactSettings.in(new BlobSettings.Adls("mlflow")))
                    .models(new ModelSettings(Set.of("main.ml"), storage)));
    calls = new SignedCalls(test);
  }

  @AfterEach
  void stop() {
    calls.close();
    test.close();
    tracking.close();
  }

  @Test
  void defaultStorageUsesSignedUrls() throws Exception {
    model();
    version();
    String path = "{\"path\": \"/Models/main/ml/diabetes/1/MLmodel\"}";
    String put = calls.api("POST", "/api/2.0/fs/create-upload-url", path).get("url").asText();
    assertThat(calls.send("PUT", put, SIGNED).statusCode()).isEqualTo(200);
    assertThat(calls.send("GET", put, "").statusCode()).isEqualTo(403);
    calls.api("POST", VERSIONS + "finalize", ONE);

    String read = calls.api("POST", "/api/2.0/fs/create-download-url", path).get("url").asText();
    assertThat(calls.send("GET", read, "").body()).isEqualTo(SIGNED);
    assertThat(calls.refused("POST", "/api/2.0/fs/create-upload-url", path))
        .isEqualTo("403 PERMISSION_DENIED");
    assertThat(
            calls
                .api(
                    "GET",
                    BASE + "registered-models:is-databricks-sdk-models-artifact-repository-enabled",
                    "")
                .toString())
        .contains("false");
  }

  private void model() throws Exception {
    calls.api("POST", MODELS + "create", "{" + NAME + "}");
  }

  private void version() throws Exception {
    calls.api("POST", VERSIONS + "create", "{" + NAME + ", \"source\": \"runs:/x/model\"}");
  }
}
