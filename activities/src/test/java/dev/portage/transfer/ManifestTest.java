package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.ManifestOrder;
import dev.portage.failure.Problem;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  private final Transfer transfer =
      new Transfer(
          FakeServers.of(dev),
          ArtifactStores.standard(),
          () -> _ -> {},
          Duration.ofSeconds(1),
          2,
          Duration.ZERO,
          Clock.systemUTC());
  private final ObjectNode run = dev.addRun("/churn", "train", Map.of());

  @AfterEach
  void close() {
    dev.close();
    http.close();
  }

  @Test
  void theManifestIsCanonicalAndItsDigestIsThatOfTheStoredFile() {
    dev.addFolder(run, "model", Map.of("b", "abc", "MLmodel", "abc", "a/é", ""));

    ManifestRef manifest = make("model");

    String root = "mlflow-artifacts:/1/" + FakeMlflow.idOf(run) + "/artifacts/portage/";
    assertThat(manifest.artifactUri())
        .isEqualTo(root + "manifest-" + manifest.shortDigest() + ".json");
    byte[] stored = storedManifest();
    assertThat(ManifestFormat.digest(stored)).isEqualTo(manifest.digest());
    assertThat(new String(stored, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"partBytes\":67108864,\"files\":["
                + file("MLmodel", 3, ABC)
                + ","
                + file("a/é", 0, EMPTY)
                + ","
                + file("b", 3, ABC)
                + "]}");
    assertThat(manifest.files()).isEqualTo(3);
    assertThat(manifest.bytes()).isEqualTo(6);
    assertThat(make("model")).isEqualTo(manifest);
  }

  @Test
  void partDigestsDoNotDependOnReadBoundaries() {
    PartDigests digests = new PartDigests("f", null, 4);
    for (String some : List.of("ab", "cde", "fghij")) {
      byte[] bytes = some.getBytes(StandardCharsets.UTF_8);
      digests.update(bytes, bytes.length);
    }

    ManifestFile file = digests.done();

    assertThat(file.size()).isEqualTo(10);
    assertThat(file.sha256()).isEqualTo(sha256("abcdefghij"));
    assertThat(file.parts()).containsExactly(sha256("abcd"), sha256("efgh"), sha256("ij"));
  }

  @Test
  void aFileOfExactlyTwoPartsHasTwo() {
    PartDigests digests = new PartDigests("f", null, 2);
    digests.update("abcd".getBytes(StandardCharsets.UTF_8), 4);

    assertThat(digests.done().parts()).containsExactly(sha256("ab"), sha256("cd"));
  }

  @Test
  void aWrongPartIsFoundAtItsEndNotAtTheEndOfTheFile() {
    ManifestFile expected =
        new ManifestFile(
            "f", 6, sha256("abcdef"), List.of(sha256("ab"), sha256("cd"), sha256("ef")));
    PartDigests digests = new PartDigests("f", expected, 2);
    digests.update("ab".getBytes(StandardCharsets.UTF_8), 2);

    WrongBytes wrong =
        catchThrowableOfType(
            WrongBytes.class, () -> digests.update("cXe".getBytes(StandardCharsets.UTF_8), 3));

    assertThat(wrong.why()).isEqualTo("file f has other content in part 2 of 3");
  }

  @Test
  void filesAreSortedByTheBytesOfTheirNames() {
    // In UTF-16 order the second would come first.
    Manifest manifest =
        ManifestFormat.of(
            List.of(
                new ManifestFile("\uD83D\uDE00", 0, EMPTY, List.of(EMPTY)),
                new ManifestFile("\uFF5E", 0, EMPTY, List.of(EMPTY))));

    assertThat(manifest.files())
        .extracting(ManifestFile::path)
        .containsExactly("\uFF5E", "\uD83D\uDE00");
  }

  @Test
  void aModelWithoutFilesOrMLmodelIsRefused() {
    assertThat(refusal("model")).contains("it has no files");
    dev.addFolder(run, "model", Map.of("model.pkl", "x"));
    assertThat(refusal("model")).contains("it has no file MLmodel");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a#b",
        "a%2Fb",
        "..",
        ".",
        "",
        "/etc/passwd",
        "a\\b",
        "a\nb",
        "C:evil",
        "x/../../y",
        "\u0085"
      })
  void anAmbiguousNameIsRefused(String name) {
    dev.before =
        request ->
            request.getTarget().startsWith("/api/2.0/mlflow-artifacts/artifacts?")
                ? new MockResponse.Builder().body(listing("MLmodel", name)).build()
                : null;

    String refusal = refusal("model");

    assertThat(refusal).contains("the file \"").contains("Such a model can't be copied");
    assertThat(refusal.lines().count()).as("no forged line").isEqualTo(2);
  }

  @Test
  void anEndlessListingIsGivenUp() {
    dev.before =
        request ->
            request.getTarget().startsWith("/api/2.0/mlflow-artifacts/artifacts?")
                ? new MockResponse.Builder()
                    .body("{\"files\":[{\"path\":\"again\",\"is_dir\":true}]}")
                    .build()
                : null;

    assertThat(refusal("model")).contains("folders more than 64 deep");
  }

  @Test
  void aTruncatedDownloadIsNotAModel() {
    dev.addFolder(run, "model", Map.of("MLmodel", "x".repeat(100_000)));
    dev.before =
        request ->
            request.getTarget().endsWith("/MLmodel")
                ? new MockResponse.Builder()
                    .body("x".repeat(100_000))
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build()
                : null;

    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> make("model"));

    assertThat(failure.getType()).isEqualTo("PlatformError");
    assertThat(failure.getOriginalMessage()).contains("read file MLmodel").contains("broke");
  }

  @Test
  void aDownloadShorterThanListedIsNotAModelEither() {
    dev.addFolder(run, "model", Map.of("MLmodel", "x".repeat(100)));
    dev.before =
        request ->
            request.getTarget().endsWith("/MLmodel")
                ? new MockResponse.Builder().chunkedBody("x".repeat(40), 10).build()
                : null;

    assertThat(
            catchThrowableOfType(ApplicationFailure.class, () -> make("model"))
                .getOriginalMessage())
        .contains("listed with 100 bytes but returned 40");
  }

  @Test
  void unrequestedContentEncodingIsRefused() {
    dev.addFolder(run, "model", Map.of("MLmodel", "x"));
    dev.before =
        request ->
            request.getTarget().endsWith("/MLmodel")
                ? new MockResponse.Builder().addHeader("Content-Encoding", "br").body("?").build()
                : null;

    assertThat(refusal("model")).contains("content encoding br");
  }

  @Test
  void aStoreThatIsNotSupportedIsNamed() {
    assertThat(refusalAt("s3://bucket/model"))
        .contains("scheme \"s3\"")
        .contains("mlflow-artifacts");
    assertThat(refusalAt("/mnt/models")).contains("the server's own machine");
    assertThat(refusalAt("mlflow-artifacts://other.example.com/1/model"))
        .contains("another server");
    assertThat(refusalAt("mlflow-artifacts:/1/../../secret")).contains("'..'");
  }

  private String refusalAt(String artifactUri) {
    return catchThrowableOfType(
            ApplicationFailure.class,
            () -> transfer.makeManifest(new ManifestOrder(location("model", artifactUri), "p")))
        .getOriginalMessage();
  }

  private String refusal(String folder) {
    ApplicationFailure failure = catchThrowableOfType(ApplicationFailure.class, () -> make(folder));
    assertThat(failure.getType()).isEqualTo("UserError");
    return failure.getDetails().get(Problem.class).message();
  }

  private ManifestRef make(String folder) {
    return transfer.makeManifest(
        new ManifestOrder(
            location(
                folder, "mlflow-artifacts:/1/" + FakeMlflow.idOf(run) + "/artifacts/" + folder),
            "promotion/churn/abc"));
  }

  private ModelLocation location(String folder, String artifactUri) {
    String id = FakeMlflow.idOf(run);
    return new ModelLocation(
        "dev", "1", id, null, folder, "runs:/" + id + "/" + folder, artifactUri);
  }

  private byte[] storedManifest() {
    return dev.files().entrySet().stream()
        .filter(file -> file.getKey().contains("/portage/manifest-"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static String listing(String... names) {
    ObjectNode listing = JsonNodeFactory.instance.objectNode();
    for (String name : names) {
      listing
          .withArray("files")
          .addObject()
          .put("path", name)
          .put("is_dir", false)
          .put("file_size", 1);
    }
    return listing.toString();
  }

  private static String file(String path, long size, String digest) {
    return "{\"path\":\"%s\",\"size\":%d,\"sha256\":\"%s\",\"parts\":[\"%s\"]}"
        .formatted(path, size, digest, digest);
  }

  private static String sha256(String text) {
    return PartDigests.hex(PartDigests.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
