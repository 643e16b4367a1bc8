package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyResult;
import dev.portage.copy.ManifestOrder;
import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.mlflow.LoggedModel;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.Run;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactStore;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.unitycatalog.VendedStore;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies between workspaces that keep their artifacts in four clouds' stores, or themselves. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SignedStoresIT {
  /** Two parts, the second one small. */
  private static final int LARGE = (64 << 20) + 1_000_003;

  private static final Map<String, String> SMALL =
      Map.of(
          "MLmodel", "flavors: {}\n",
          "empty.txt", "",
          "data/deep/größe 1+2.txt", "Umlaut, space and plus");

  @TempDir static Path folder;
  private static RealStores world;

  @BeforeAll
  static void start() throws Exception {
    world = new RealStores(folder);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @Tag("S1.06")
  @ParameterizedTest
  @CsvSource({
    "adls, gcs, Data Lake Storage, Google Cloud Storage",
    "gcs, adls, Google Cloud Storage, Data Lake Storage",
    "azure, s3, Azure Blob Storage, Amazon S3",
    "s3, azure, Amazon S3, Azure Blob Storage"
  })
  void aModelIsCopiedFromCloudToCloudEvenIfUrlsExpire(
      String from, String to, String readBy, String writtenBy) throws Exception {
    LocalWorkspace dev = world.workspace(from);
    LocalWorkspace prod = world.workspace(to);
    MlflowServer server = world.of(from);
    Run run = run(server);
    fill(server, run.artifactUri() + "/model");
    AtomicBoolean expired = new AtomicBoolean();
    Transfer transfer =
        TwoWorkspaces.transfer(
            world,
            progress -> {
              if (progress.bytesDone() > 8 << 20 && !expired.getAndSet(true)) {
                dev.expireSignedUrls();
                prod.expireSignedUrls();
              }
            },
            RetryTimeout.STANDARD);

    CopyOrder order = order(transfer, folderOf(from, run), to);
    CopyResult result = transfer.copy(order);

    assertThat(expired).isTrue();
    assertThat(result.files()).isEqualTo(SMALL.size() + 1);
    assertThat(result.sentBytes()).isGreaterThanOrEqualTo(LARGE);
    assertThat(Objects.requireNonNull(result.methods()).shown())
        .contains(readBy)
        .contains(writtenBy);
    assertThat(transfer.copy(order).sentBytes()).isZero();
    assertThat(prod.calls().all())
        .filteredOn(call -> call.path().contains("credentials-for-"))
        .hasSizeLessThan(40);
  }

  @ParameterizedTest
  @CsvSource({
    "gcs, adls, models:/m-",
    "bucket, disk, models:/m-",
    "disk, container, models:/m-",
    "disk, older, runs:/"
  })
  void aLoggedModelStaysOneIfTheTargetSupportsThemOtherwiseItBecomesAFolder(
      String from, String to, String arrivesAs) throws Exception {
    world.begin(from);
    world.begin(to);
    MlflowServer server = world.of(from);
    Run run = run(server);
    LoggedModel model =
        server.loggedModels().create(run.experimentId(), run.id(), "model", "", Map.of(), Map.of());
    fill(server, model.artifactUri());
    server.loggedModels().ready(model.id());
    server.loggedModels().putOut(run.id(), model.id());
    Transfer transfer = TwoWorkspaces.transfer(world, _ -> {});

    CopyResult result =
        transfer.copy(
            order(
                transfer,
                new ModelLocation(
                    from,
                    run.experimentId(),
                    run.id(),
                    model.id(),
                    "model",
                    "models:/" + model.id(),
                    model.artifactUri()),
                to));

    assertThat(result.model().source()).startsWith(arrivesAs);
    assertThat(ArtifactStores.standard().at(world.of(to), result.model().artifactUri()).list())
        .hasSize(SMALL.size() + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "bucket, disk, through signed URLs, through the MLflow server",
    "disk, bucket, through the MLflow server, parts through signed URLs",
    "container, older, through the MLflow server, through the MLflow server",
    "older, container, through the MLflow server, parts through signed URLs",
    "older, disk, through the MLflow server, through the MLflow server",
    "disk, older, through the MLflow server, through the MLflow server"
  })
  @Tag("S1.06")
  void anMlflowServerGivesSignedUrlsWhereItCanOtherwiseTheBytes(
      String from, String to, String readBy, String writtenBy) throws Exception {
    world.begin(from);
    world.begin(to);
    Run run = run(world.of(from));
    fill(world.of(from), run.artifactUri() + "/model");
    Transfer transfer = TwoWorkspaces.transfer(world, _ -> {});
    ModelLocation model =
        new ModelLocation(
            from,
            run.experimentId(),
            run.id(),
            null,
            "model",
            "runs:/" + run.id() + "/model",
            run.artifactUri() + "/model");

    CopyOrder order = order(transfer, model, to);
    CopyResult result = transfer.copy(order);

    assertThat(result.files()).isEqualTo(SMALL.size() + 1);
    assertThat(Objects.requireNonNull(result.methods()).shown())
        .contains(readBy)
        .contains(writtenBy);
    assertThat(transfer.copy(order).sentBytes()).isZero();
  }

  @Test
  void aBucketIsReachedWithVendedCredentialsInTheRegionThatItNames() throws Exception {
    HttpUrl moto = HttpUrl.get("http://127.0.0.1:" + world.moto());
    makeBucket(moto, "models", "eu-central-1");
    ObjectNode credentials = JsonNodeFactory.instance.objectNode();
    credentials
        .putObject("aws_temp_credentials")
        .put("access_key_id", "AKIAEXAMPLE")
        .put("secret_access_key", "the key of ana")
        .put("session_token", "a session");
    world.begin("disk");
    ArtifactStore store =
        VendedStore.at(
            world.of("disk"),
            "s3://models/metastore/models of/7",
            credentials,
            () -> credentials,
            _ -> moto.newBuilder().addPathSegment("models").build());

    SMALL.forEach((name, text) -> {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      store.write(name, bytes.length, Body.of(bytes));
    });
    ArtifactSink.Upload upload = store.begin("model.pkl", 6 << 20, 5 << 20, 2);
    upload.complete(
        List.of(
            upload.part(1, 5 << 20, Body.of(new byte[5 << 20])),
            upload.part(2, 1 << 20, Body.of(new byte[1 << 20]))));

    assertThat(store.probeWrites().parts()).isNotNull();
    assertThat(store.list())
        .extracting(ArtifactFile::path)
        .containsExactlyInAnyOrder("MLmodel", "data/deep/größe 1+2.txt", "empty.txt", "model.pkl");
    assertThat(store.list()).contains(new ArtifactFile("model.pkl", 6L << 20));
    assertThat(store.<Integer>read("MLmodel", 2, 3, stream -> stream.read(new byte[8])))
        .isEqualTo(3);
    assertThat(store.delete("model.pkl")).isTrue();
    assertThat(store.list()).hasSize(SMALL.size());
  }

  private static void makeBucket(HttpUrl moto, String name, String region) throws Exception {
    String body =
        "<CreateBucketConfiguration><LocationConstraint>"
            + region
            + "</LocationConstraint></CreateBucketConfiguration>";
    HttpRequest request =
        HttpRequest.newBuilder(moto.newBuilder().addPathSegment(name).build().uri())
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  private static Run run(MlflowServer server) {
    String experiment = server.experiments().namedOrNew("/churn").id();
    return server.runs().create(experiment, "train", 1_700_000_000_000L, Map.of());
  }

  private static void fill(MlflowServer server, String uri) {
    ArtifactStore store = ArtifactStores.standard().at(server, uri);
    SMALL.forEach((name, text) -> {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      store.write(name, bytes.length, Body.of(bytes));
    });
    byte[] block = new byte[1 << 20];
    new Random(42).nextBytes(block);
    store.write(
        "model.pkl",
        LARGE,
        stream -> {
          for (int left = LARGE; left > 0; left -= Math.min(left, block.length)) {
            stream.write(block, Math.min(left, block.length));
          }
        });
  }

  private static ModelLocation folderOf(String workspace, Run run) {
    return new ModelLocation(
        workspace,
        run.experimentId(),
        run.id(),
        null,
        "model",
        "runs:/" + run.id() + "/model",
        run.artifactUri() + "/model");
  }

  private static CopyOrder order(Transfer transfer, ModelLocation model, String target) {
    ManifestRef manifest = transfer.makeManifest(new ManifestOrder(model, "promotion/churn/abc"));
    return new CopyOrder(
        new Candidate(model, "churn", "1", "abc", manifest),
        model,
        target,
        "/churn",
        "copy-of-" + model.runId(),
        Map.of());
  }
}
