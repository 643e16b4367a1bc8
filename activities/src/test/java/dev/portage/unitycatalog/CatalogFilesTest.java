package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.copy.PartLimits;
import dev.portage.registry.VersionOrder;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSink.Upload;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.ArtifactStore;
import dev.portage.store.filesapi.FilesArtifacts;
import dev.portage.store.tracking.SignedWorld;
import io.temporal.failure.ApplicationFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of a version and of a volume, through the Files API. */
class CatalogFilesTest extends CatalogWorld {
  private static final String ROOT = "/Models/main/ml/churn/7/";

  private static final int PART = 512 << 10;

  private ArtifactStore store = FilesArtifacts.ofVersion(mlflow.client(), MODEL, 7, false);

  @BeforeEach
  void aVersionThatWaits() {
    left(order("key-1"), "7", "PENDING_REGISTRATION");
  }

  @Test
  void aFileIsSentInPartsThatAnotherProcessCanContinue() {
    assertThat(store.probeWrites().parts()).isNotNull();
    Upload begun = store.begin("weights é.bin", 11, 4, 3);
    String first = part(begun, 1, "some");

    Upload resumed = anotherStore().resume("weights é.bin", begun.token());
    String third = part(resumed, 3, "ts.");
    String second = part(resumed, 2, " wei");
    assertThat(catalog.files.content).isEmpty();
    resumed.complete(List.of(first, second, third));

    assertThat(filesOf("7")).containsEntry("weights é.bin", "some weits.");
    assertThat(catalog.files.sessions).isEmpty();
  }

  @Test
  void manyPartsUrlsComeInOneCallAndAnExpiredOneIsRenewed() {
    Upload begun = store.begin("a", 300, 1, 300);
    catalog.files.expired.set(1);

    List<String> tags =
        IntStream.rangeClosed(1, 300)
            .mapToObj(number -> SignedWorld.retried(() -> part(begun, number, "x")))
            .toList();
    begun.complete(tags);

    assertThat(filesOf("7")).containsEntry("a", "x".repeat(300));
    assertThat(catalog.asked("POST api/2.0/fs/create-upload-part-urls")).isBetween(4L, 6L);
  }

  @Test
  void anUploadThatIsGoneIsReportedAsGone() {
    Upload begun = store.begin("a", 4, 4, 1);
    String tag = part(begun, 1, "some");
    assertThatThrownBy(() -> begun.complete(List.of("\"another\""))).isInstanceOf(UploadGone.class);
    begun.abort();

    assertThat(catalog.files.sessions).isEmpty();
    assertThatThrownBy(() -> part(begun, 1, "some")).isInstanceOf(UploadGone.class);
    assertThatThrownBy(() -> begun.complete(List.of(tag))).isInstanceOf(UploadGone.class);
    begun.abort();
    assertThat(
            catchThrowableOfType(UploadGone.class, () -> part(begun, 1, "some")).why().getMessage())
        .doesNotContain(FakeFiles.TOKEN);
  }

  @Test
  void aWorkspaceWithAnUnknownProtocolForPartsGetsWholeFiles() {
    catalog.files.uploads = "another_upload";

    assertThat(store.probeWrites().parts()).isNull();
    write("a", "all of it");

    assertThat(filesOf("7")).containsEntry("a", "all of it");
  }

  @Test
  void partsAreSequentialOnGoogleCloudAndAnotherProcessCanContinue() {
    catalog.files.uploads = "resumable_upload";
    assertThat(store.probeWrites().parts()).isNotNull().matches(PartLimits::areInOrder);
    assertThat(catalog.files.resumable.open()).as("the probe is given up").isZero();
    assertThat(catalog.files.content).isEmpty();
    Upload begun = store.begin("weights é.bin", 2 * PART + 3, PART, 3);
    part(begun, 1, "x".repeat(PART));

    Upload resumed = anotherStore().resume("weights é.bin", begun.token());
    part(resumed, 2, "y".repeat(PART));
    part(resumed, 2, "y".repeat(PART));
    part(resumed, 3, "end");
    resumed.complete(List.of("", "", ""));

    assertThat(filesOf("7"))
        .containsEntry("weights é.bin", "x".repeat(PART) + "y".repeat(PART) + "end");
    assertThat(catalog.asked("POST api/2.0/fs/create-resumable-upload-url")).isEqualTo(2);
  }

  @Test
  void aHalfReceivedPartIsResent() {
    catalog.files.uploads = "resumable_upload";
    Upload begun = store.begin("a", 2 * PART, PART, 2);
    catalog.files.resumable.losesHalf.set(true);

    assertThatThrownBy(() -> part(begun, 1, "x".repeat(PART)))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("it arrived up to byte " + PART / 2)
        .hasMessageNotContaining(FakeFiles.TOKEN);
    part(begun, 1, "x".repeat(PART));
    assertThatThrownBy(() -> begun.complete(List.of("", "")))
        .isInstanceOf(UploadGone.class)
        .hasStackTraceContaining("not complete");
    part(begun, 2, "y".repeat(PART));
    begun.complete(List.of("", ""));

    assertThat(filesOf("7")).containsEntry("a", "x".repeat(PART) + "y".repeat(PART));
  }

  @Test
  void corruptedBytesEndTheSessionThatMayHaveStoredThem() {
    catalog.files.uploads = "resumable_upload";
    Upload begun = store.begin("a", PART, PART, 1);

    assertThatThrownBy(() ->
            begun.part(
                1,
                PART,
                stream -> {
                  stream.write(new byte[8], 8);
                  throw new IllegalStateException("other content");
                }))
        .hasMessage("other content");

    assertThat(catalog.files.resumable.open()).isZero();
    assertThat(
            catchThrowableOfType(UploadGone.class, () -> part(begun, 1, "x".repeat(PART)))
                .why()
                .getMessage())
        .doesNotContain(FakeFiles.TOKEN);
  }

  @Test
  void aStoreBlockedByTheNetworkIsReachedThroughTheWorkspace() {
    write("a", "all of it");
    catalog.before =
        request ->
            request.getUrl().pathSegments().getFirst().equals("api")
                ? null
                : new MockResponse.Builder().code(403).body("kept away").build();

    assertThat(store.probeWrites().parts()).isNull();
    assertThat(store.probeReads("a").method()).isEqualTo("through the Files API");
    assertThat(store.probeReads("a").ranges()).isTrue();
    assertThat(read("a")).isEqualTo("all of it");
    assertThat(read("a", 4, 2)).isEqualTo("of");
    assertThat(catalog.files.sessions).hasSize(1);
  }

  @Test
  void readsUseSignedUrlsAndAnExpiredOneIsRenewed() {
    write("a", "all of it");
    assertThat(store.probeReads("a").method()).isEqualTo("through signed URLs");
    catalog.files.expired.set(1);

    assertThat(SignedWorld.retried(() -> read("a"))).isEqualTo("all of it");
    assertThat(read("a", 4, 2)).isEqualTo("of");
    assertThat(catalog.asked("POST api/2.0/fs/create-download-url")).isEqualTo(2);
    assertThat(catalog.asked).noneMatch(call -> call.startsWith("GET api/2.0/fs/files"));
  }

  @Test
  void aWorkspaceThatSignsNoReadsIsReadDirectly() {
    catalog.files.signsReads = false;
    write("a", "all of it");

    assertThat(store.probeReads("a").method()).isEqualTo("through the Files API");
    assertThat(read("a")).isEqualTo("all of it");
  }

  @Test
  void foldersAreListedPageByPageWithAllTheirFiles() {
    for (String path : List.of("a", "b", "c", "d", "x/y/z 1+2", "x/y/ä", "x/w")) {
      write(path, path);
    }

    assertThat(store.list())
        .containsExactlyInAnyOrder(
            new ArtifactFile("a", 1L),
            new ArtifactFile("b", 1L),
            new ArtifactFile("c", 1L),
            new ArtifactFile("d", 1L),
            new ArtifactFile("x/w", 3L),
            new ArtifactFile("x/y/z 1+2", 9L),
            new ArtifactFile("x/y/ä", 6L));
    assertThat(anotherVersion().list()).isEmpty();
  }

  @Test
  void anEndlessOrWrongListingIsRefused() {
    catalog.before = request -> listing("{\"contents\":[],\"next_page_token\":\"again\"}");
    assertThatThrownBy(() -> store.list()).hasMessageContaining("never ends");

    catalog.before =
        request -> listing("{\"contents\":[{\"path\":\"/Models/main/ml/other/7/a\"}]}");
    assertThatThrownBy(() -> store.list()).hasMessageContaining("which is elsewhere");

    catalog.before = request -> listing("{\"contents\":[{\"path\":\"" + ROOT + "../8/a\"}]}");
    assertThatThrownBy(() -> store.list()).hasMessageContaining("has '/' in its name");
  }

  @Test
  void filesOfAFinishedVersionCannotBeDeleted() {
    write("a", "all of it");
    assertThat(store.delete("a")).isTrue();
    assertThat(filesOf("7")).isEmpty();
    catalog.versions.getFirst().put("status", "READY");

    assertThat(store.delete("a")).isFalse();
    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> write("a", "b")))
        .hasMessageContaining("PERMISSION_DENIED");
  }

  @Test
  void onlyTheGivenFolderOfAVolumeIsWrittenAndRead() {
    store = FilesArtifacts.ofVolume(mlflow.client(), "/Volumes/main/ml/artifacts/1");
    write("model/MLmodel", "flavors");

    assertThat(catalog.files.content).containsKey("/Volumes/main/ml/artifacts/1/model/MLmodel");
    assertThat(store.list()).containsExactly(new ArtifactFile("model/MLmodel", 7L));
    assertThat(store.delete("model/MLmodel")).isTrue();
    for (String path :
        List.of("/Volumes/main/ml", "/Models/main/ml/churn/1", "/Volumes/a/../b/c/d", "")) {
      assertThatThrownBy(() -> FilesArtifacts.ofVolume(mlflow.client(), path))
          .isInstanceOf(ApplicationFailure.class)
          .hasMessageContaining("/Volumes/CATALOG/SCHEMA/VOLUME");
    }
  }

  @Test
  void onlyUnityCatalogVersionsHaveSuchFiles() {
    VersionOrder order = order("key-2");
    registry.registerVersion(order);
    assertThat(stores().at(mlflow.client(), "models:/main.ml.churn/1").list()).hasSize(4);

    for (String uri :
        List.of(
            "models:/churn/1",
            "models:/main.ml.churn@champion",
            "models:/a.b.c/0",
            "models:/m-1")) {
      assertThatThrownBy(() -> stores().at(mlflow.client(), uri))
          .isInstanceOf(ApplicationFailure.class)
          .hasMessageContaining("models:/CATALOG.SCHEMA.MODEL/VERSION");
    }
  }

  @Test
  void credentialsOfAnUnknownStorageAreRefusedWithTheKnownOnes() {
    catalog.hasFilesApi = false;
    catalog.storageMode = "CUSTOMER_HOSTED";

    assertThatThrownBy(() -> stores().at(mlflow.client(), "models:/" + MODEL + "/7").list())
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("aws_temp_credentials with s3://BUCKET/PATH")
        .hasMessageContaining("gcp_oauth_token with gs://BUCKET/PATH")
        .hasMessageContaining("Files API");
  }

  private ArtifactStore anotherStore() {
    return FilesArtifacts.ofVersion(mlflow.client(), MODEL, 7, false);
  }

  private ArtifactStore anotherVersion() {
    return FilesArtifacts.ofVersion(mlflow.client(), MODEL, 8, false);
  }

  private static MockResponse listing(String json) {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .body(json)
        .build();
  }

  private static String part(Upload upload, int number, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return upload.part(number, bytes.length, ArtifactSink.Body.of(bytes));
  }

  private void write(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    store.write(path, bytes.length, stream -> stream.write(bytes, bytes.length));
  }

  private String read(String path) {
    return store.read(path, CatalogFilesTest::text);
  }

  private String read(String path, long offset, long length) {
    return store.read(path, offset, length, CatalogFilesTest::text);
  }

  private static String text(dev.portage.store.ArtifactSource.Stream stream) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[3];
    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      bytes.write(buffer, 0, read);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
