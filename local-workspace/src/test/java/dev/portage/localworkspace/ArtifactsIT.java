package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.models.ModelSettings;
import dev.portage.localworkspace.models.ModelSettings.Storage;
import dev.portage.localworkspace.protocol.Secret;
import dev.portage.localworkspace.rights.Right;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * MLflow and Databricks' SDK for Python, unchanged, log, list, download, register and load models
 * in workspaces of every kind.
 */
class ArtifactsIT {
  private static final String TOKEN = "token-of-ana";

  @TempDir static Path folder;
  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static final Map<String, LocalWorkspace> WORKSPACES = new LinkedHashMap<>();
  private static MlflowServer mlflow;
  private static String said;

  /** The clients start slowly, so one process does the work in every workspace. */
  @BeforeAll
  static void work() throws Exception {
    mlflow = keep(MlflowServer.startWithoutArtifacts(folder.resolve("mlflow")));
    open("adls", new BlobSettings.Adls("mlflow"), Storage.FILES);
    open("gcs", new BlobSettings.Gcs("mlflow"), Storage.PRESIGNED);
    StoreProcess azurite = StoreProcess.azurite(folder.resolve("azurite"));
    if (azurite != null) {
      Secret key = new Secret(StoreProcess.KEY);
      open(
          "azure",
          new BlobSettings.Azure(keep(azurite).url(), StoreProcess.ACCOUNT, key, "mlflow"),
          Storage.FILES);
    }
    StoreProcess moto = StoreProcess.moto(folder.resolve("moto"));
    if (moto != null) {
      Secret key = new Secret("the key of ana");
      open(
          "s3",
          new BlobSettings.S3(keep(moto).url(), "us-east-1", "AKIAEXAMPLE", key, "mlflow"),
          Storage.FILES);
    }
    said = runClient();
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable one : OPEN.reversed()) {
      one.close();
    }
  }

  @Test
  void dataLakeFilesAreAppendedAndFlushed() {
    LocalWorkspace adls = worked("adls");

    assertThat(adls.calls().matching("PATCH", "/blobs/*/artifacts/data/big-adls.bin"))
        .as("12 MiB in pieces of 5, and the flush")
        .hasSize(4);
    assertThat(adls.calls().matching("GET", "/api/2.0/mlflow/artifacts/list")).isNotEmpty();
    assertThat(adls.calls().matching("PUT", "/api/2.0/fs/files/Models/main/ml/diabetes/1/MLmodel"))
        .as("a model's files go by the Files API")
        .hasSize(1);
  }

  @Test
  void googleFilesArePutWhole() {
    LocalWorkspace gcs = worked("gcs");

    assertThat(gcs.calls().matching("PUT", "/blobs/*/artifacts/data/big-gcs.bin")).hasSize(1);
    assertThat(gcs.calls().matching("PUT", "/blobs/files/Models/main/ml/diabetes/1/MLmodel"))
        .as("a model's files go by signed URLs in default storage")
        .hasSize(1);
  }

  @Test
  void azureFilesArePutInBlocks() {
    LocalWorkspace azure = worked("azure");

    assertThat(azure.calls().matching("PUT", "/blobs/*/artifacts/data/big-azure.bin"))
        .as("three blocks and their list")
        .hasSize(4);
  }

  @Test
  void s3FilesArePutInParts() {
    LocalWorkspace s3 = worked("s3");

    assertThat(s3.calls().matching("PUT", "/blobs/*/artifacts/data/big-s3.bin"))
        .as("three parts")
        .hasSize(3);
    assertThat(s3.calls().matching("POST", "/api/2.0/mlflow/artifacts/complete-multipart-upload"))
        .hasSize(1);
  }

  @Test
  void databricksOwnSdkUploadsToVolumesInParts() {
    assertThat(said).contains("parts work");
    assertThat(worked("adls").calls().matching("PUT", "/blobs/files/uploads/*"))
        .as("6 parts of 2 MiB at once, and 3 of 5 MiB one by one")
        .hasSize(9);
  }

  @Test
  void noClientPrintsItsToken() {
    assertThat(said).doesNotContain(TOKEN);
  }

  private static LocalWorkspace worked(String kind) {
    LocalWorkspace workspace = WORKSPACES.get(kind);
    assumeThat(workspace)
        .as("the store of kind %s is not installed: run build/artifact-stores", kind)
        .isNotNull();
    assertThat(said).contains(kind + " works");
    return Objects.requireNonNull(workspace);
  }

  private static void open(String name, BlobSettings store, Storage storage) throws IOException {
    WORKSPACES.put(
        name,
        keep(
            LocalWorkspace.start(
                LocalWorkspaceSettings.named(name, "1111111111111111", folder.resolve(name))
                    .mlflow(mlflow.url())
                    .artifacts(ArtifactSettings.in(store))
                    .models(new ModelSettings(Set.of("main.ml"), storage))
                    .volume("main.default.data")
                    .token(Token.of(TOKEN, "ana@example.com", EnumSet.allOf(Right.class)))
                    .build())));
  }

  private static String runClient() throws IOException, InterruptedException {
    Path script = folder.resolve("artifacts-client.py");
    try (InputStream in = ArtifactsIT.class.getResourceAsStream("/artifacts-client.py")) {
      Files.write(script, Objects.requireNonNull(in).readAllBytes());
    }
    List<String> arguments = new ArrayList<>(List.of(script.toString(), folder.toString()));
    WORKSPACES.forEach((kind, workspace) -> arguments.add(kind + "=" + workspace.host()));
    Path log = folder.resolve("client.log");
    ProcessBuilder builder =
        Python.run(arguments).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("DATABRICKS_TOKEN", TOKEN);
    Process process = builder.start();
    boolean ended = process.waitFor(Duration.ofMinutes(5).toSeconds(), TimeUnit.SECONDS);
    process.destroyForcibly();
    String text = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    return text;
  }

  private static <T extends AutoCloseable> T keep(T one) {
    OPEN.add(one);
    return one;
  }
}
