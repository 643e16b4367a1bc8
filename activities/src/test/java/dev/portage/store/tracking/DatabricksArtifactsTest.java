package dev.portage.store.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSink.Upload;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.ArtifactStore;
import dev.portage.store.Parallel;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabricksArtifactsTest extends SignedWorld {
  private static final String TEN = "abcdefghij";

  @ParameterizedTest
  @CsvSource({
    "AZURE_SAS_URI, Azure Blob Storage",
    "AZURE_ADLS_GEN2_SAS_URI, Azure Data Lake Storage",
    "AWS_PRESIGNED_URL, Amazon S3",
    "GCP_SIGNED_URL, Google Cloud Storage"
  })
  void filesAreWrittenAndReadInEveryCloud(String type, String name) {
    signing.type = type;
    ArtifactStore folder = folder();
    write(folder, "MLmodel", "flavors");
    write(folder, "data/deep/größe 1+2.txt", "Umlaut");
    write(folder, "empty.txt", "");

    assertThat(folder.list())
        .containsExactlyInAnyOrder(
            new ArtifactFile("MLmodel", 7L),
            new ArtifactFile("data/deep/größe 1+2.txt", 6L),
            new ArtifactFile("empty.txt", 0L));
    assertThat(folder.probeReads("MLmodel").shown())
        .isEqualTo("through signed URLs of " + name + ", in ranges");
    assertThat(folder.probeWrites().method()).isEqualTo("through signed URLs of " + name);
    assertThat(text(folder, "data/deep/größe 1+2.txt")).isEqualTo("Umlaut");
    assertThat(text(folder, "empty.txt")).isEmpty();
    assertThat(folder.<String>read("MLmodel", 1, 3, SignedWorld::all)).isEqualTo("lav");
    assertThat(folder.delete("MLmodel")).isFalse();
    // With the headers that came with the URL, without the workspace's own login.
    assertThat(blobs.requests)
        .isNotEmpty()
        .allSatisfy(request -> {
          Headers headers = request.getHeaders();
          assertThat(headers.get("Authorization")).isNull();
          assertThat(headers.toString()).doesNotContain(FakeMlflow.TOKEN);
        });
    assertThat(blobs.requests.getFirst().getHeaders().get("x-ms-meta-made")).isEqualTo("here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AZURE_SAS_URI", "AZURE_ADLS_GEN2_SAS_URI", "AWS_PRESIGNED_URL"})
  void partsMayArriveInAnyOrderAndFromAnotherProcess(String type) {
    signing.type = type;
    ArtifactStore folder = folder();
    assertThat(folder.probeWrites().parts()).isNotNull();
    assertThat(blobs.openUploads()).isZero();
    Upload begun = folder.begin("model.pkl", 10, 4, 3);
    List<String> tags = parts(begun, TEN, 3, 1);
    String token = begun.token();
    blobs.expire();

    Upload resumed = folder().resume("model.pkl", token);
    tags.set(1, retried(() -> parts(resumed, TEN, 2)).get(1));
    resumed.complete(tags);

    assertThat(text(folder(), "model.pkl")).isEqualTo(TEN);
    assertThat(token).doesNotContain(FakeMlflow.TOKEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AZURE_SAS_URI", "AZURE_ADLS_GEN2_SAS_URI", "AWS_PRESIGNED_URL"})
  void anUploadThatTheStoreForgotIsReportedAsGone(String type) {
    signing.type = type;
    Upload upload = folder().begin("model.pkl", 10, 4, 3);
    List<String> tags = parts(upload, TEN, 1, 2, 3);
    blobs.forgetUploads();

    assertThatThrownBy(() -> upload.complete(tags)).isInstanceOf(UploadGone.class);
    upload.abort();
  }

  @Test
  void anUploadOfAnotherKindOfStoreIsGone() {
    String token = folder().begin("model.pkl", 10, 4, 3).token();
    signing.type = "AWS_PRESIGNED_URL";

    assertThatThrownBy(() -> folder().resume("model.pkl", token)).isInstanceOf(UploadGone.class);
    assertThatThrownBy(() -> folder().resume("model.pkl", "{")).isInstanceOf(UploadGone.class);
  }

  @Test
  void blockIdsAreOfOneLengthAndDifferFromThoseOfAnotherAttempt() {
    Upload upload = folder().begin("model.pkl", 1L << 40, 64L << 20, 16_384);
    Upload other = folder().begin("model.pkl", 1L << 40, 64L << 20, 16_384);

    String first = upload.part(1, 1, once("a"));
    String last = upload.part(16_384, 1, once("b"));

    assertThat(first).hasSameSizeAs(last).isNotEqualTo(last);
    assertThat(other.part(1, 1, once("a"))).isNotEqualTo(first).hasSameSizeAs(first);
  }

  @Test
  void filesAreSentWholeWhereS3HasNoMultipartUpload() {
    signing.type = "AWS_PRESIGNED_URL";
    signing.multipart = false;

    assertThat(folder().probeWrites().shown())
        .isEqualTo("through signed URLs of Amazon S3, whole files");
  }

  @Test
  void filesOfALoggedModelAreRequestedAsSuch() {
    ArtifactStore model = at(FakeSigning.MODEL_URI);
    write(model, "MLmodel", "flavors");

    assertThat(model.list()).containsExactly(new ArtifactFile("MLmodel", 7L));
    assertThat(text(model, "MLmodel")).isEqualTo("flavors");
    assertThat(mlflow.asked()).allMatch(call -> call.contains(" logged-models/"));
  }

  @Test
  void manyFilesNeedFewCalls() {
    List<String> paths = IntStream.range(0, 500).mapToObj(i -> "f" + i).toList();
    ArtifactStore folder = folder();
    folder.willWrite(paths);
    signing.page = 100;

    Parallel.each(paths, 16, path -> write(folder, path, path));

    // First 64, then 256, in pages of 100, then the rest.
    assertThat(askedForLeave()).isLessThanOrEqualTo(1 + 3 + 5 + 1);
    assertThat(blobs.files.get(RUN + "/model/f499")).isEqualTo(bytes("f499"));
  }

  @Test
  void aRefusedGrantFailsTheCallAndTheNextOneGetsAnother() {
    ArtifactStore folder = folder();
    write(folder, "MLmodel", "flavors");
    assertThat(text(folder, "MLmodel")).isEqualTo("flavors");
    blobs.expire();

    assertThatThrownBy(() -> text(folder, "MLmodel")).hasMessageContaining("403");
    assertThat(text(folder, "MLmodel")).isEqualTo("flavors");
    assertThatThrownBy(() -> write(folder, "MLmodel", "others")).hasMessageContaining("403");
    write(folder, "MLmodel", "others");

    assertThat(text(folder, "MLmodel")).isEqualTo("others");
  }

  @Test
  void aStoreThatRefusesEveryGrantIsReportedWithoutItsSignature() {
    ArtifactStore folder = folder();
    write(folder, "MLmodel", "flavors");
    blobs.before =
        _ ->
            FakeBlobs.error(
                403,
                "SignatureDoesNotMatch",
                "no</Message><SignatureProvided>" + FakeBlobs.SIGNATURE + "</SignatureProvided>");

    ApplicationFailure read =
        catchThrowableOfType(ApplicationFailure.class, () -> text(folder, "MLmodel"));
    long asked = askedForLeave();
    ApplicationFailure written =
        catchThrowableOfType(ApplicationFailure.class, () -> write(folder, "MLmodel", "x"));

    assertThat(asked).isLessThanOrEqualTo(5);
    assertThat(askedForLeave() - asked).isLessThanOrEqualTo(3);
    for (ApplicationFailure failure : List.of(read, written)) {
      assertThat(failure).hasMessageContaining("403 SignatureDoesNotMatch: no");
      assertThat(failure.toString()).doesNotContain(FakeBlobs.SIGNATURE);
      assertThat(Objects.toString(failure.getCause())).doesNotContain(FakeBlobs.SIGNATURE);
    }
  }

  @Test
  void aStoreWhoseNetworkRulesBlockTheWorkerNeedsAPerson() {
    ArtifactStore folder = folder();
    write(folder, "MLmodel", "flavors");
    blobs.before = _ -> FakeBlobs.error(403, "AuthorizationFailure", "not from there");

    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> folder.probeReads("MLmodel"));

    assertThat(failure).hasMessageContaining("network rules");
    assertThat(failure.isNonRetryable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dbfs:/mnt/models/churn",
        "dbfs:/databricks/mlflow/1/run/artifacts",
        "dbfs:/databricks/mlflow-tracking/7",
        "dbfs:/databricks/mlflow-tracking/7/tr-1234/artifacts",
        "dbfs:/databricks/mlflow-tracking/7/logged_models",
        "dbfs:/databricks/mlflow-tracking/7/../8/run/artifacts",
        "dbfs://profile@databricks/databricks/mlflow-tracking/7/run/artifacts"
      })
  void locationsWithoutCredentialsAreRefusedBeforeAnyCall(String uri) {
    assertThatThrownBy(() -> at(uri)).isInstanceOf(ApplicationFailure.class);
    assertThat(mlflow.asked()).isEmpty();
  }

  @Test
  void aFolderThatIsNotBelowItsRunIsNotUsed() {
    String other = FakeSigning.RUN_URI.replace("/7/", "/8/");

    assertThatThrownBy(() -> at(other).list()).hasMessageContaining("they are not below those of");
  }

  @Test
  void anUnknownKindOfUrlIsNamed() {
    signing.type = "CLOUDFLARE_R2";

    assertThatThrownBy(() -> folder().probeWrites())
        .hasMessageContaining("CLOUDFLARE_R2")
        .hasMessageContaining("AZURE_SAS_URI");
  }

  @Test
  void grantsAreUsedOnlyForTheirOwnFiles() {
    mlflow.before =
        request ->
            request.getTarget().contains("credentials-for-read")
                ? FakeSigning.json(200, JsonNodeFactory.instance.objectNode())
                : signing.answer(request);

    assertThatThrownBy(() -> text(folder(), "MLmodel")).hasMessageContaining("no URL for");
  }
}
