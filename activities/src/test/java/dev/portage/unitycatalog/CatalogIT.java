package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.candidate.ManifestRef;
import dev.portage.copy.CopyProgress;
import dev.portage.copy.ManifestOrder;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.localworkspace.LocalWorkspaceSettings;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.models.ModelSettings;
import dev.portage.localworkspace.models.ModelSettings.Storage;
import dev.portage.localworkspace.rights.Right;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.MlflowTracking;
import dev.portage.mlflow.RealMlflow;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import dev.portage.transfer.Transfer;
import dev.portage.transfer.VersionFiles;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Versions in local workspaces, stored in each of the ways that Databricks uses. MLflow's own
 * client logs the model and loads what was registered.
 */
class CatalogIT {
  private static final String TOKEN = "token-of-ana";
  private static final String MODEL = "main.ml.churn";
  private static final OutboundHttp HTTP = OutboundHttp.open(NetworkSettings.direct());
  private static final Map<String, LocalWorkspace> WORKSPACES = new LinkedHashMap<>();
  private static final Map<String, String> RUNS = new LinkedHashMap<>();

  @TempDir static Path folder;
  private static @Nullable RealMlflow mlflow;

  @BeforeAll
  static void log() throws Exception {
    mlflow = RealMlflow.start(folder);
    for (Storage storage : List.of(Storage.FILES, Storage.PRESIGNED)) {
      String name = storage.name().toLowerCase(java.util.Locale.ROOT);
      WORKSPACES.put(
          name,
          LocalWorkspace.start(
              LocalWorkspaceSettings.named(name, "1111111111111111", folder.resolve(name))
                  .mlflow(mlflow.url())
                  .artifacts(ArtifactSettings.in(new BlobSettings.Adls("mlflow")))
                  .models(new ModelSettings(Set.of("main.ml"), storage))
                  .token(Token.of(TOKEN, "ana@example.com", EnumSet.allOf(Right.class)))
                  .build()));
    }
    RUNS.putAll(client("log"));
    assertThat(RUNS).hasSameSizeAs(WORKSPACES);
  }

  @AfterAll
  static void stop() {
    WORKSPACES.values().forEach(LocalWorkspace::close);
    if (mlflow != null) {
      mlflow.close();
    }
    HTTP.close();
  }

  @Test
  void whatIsRegisteredIsLoadedByMlflowsOwnClient() throws Exception {
    for (String name : WORKSPACES.keySet()) {
      registersOnce(name);
    }

    assertThat(client("load"))
        .allSatisfy((name, said) -> assertThat(said).as(name).isEqualTo("ANA 136314897"));
  }

  private static void registersOnce(String name) {
    LocalWorkspace workspace = Objects.requireNonNull(WORKSPACES.get(name));
    MlflowServers servers = servers();
    ArtifactStores stores = ArtifactStores.standard().and(new CatalogArtifacts.Kind());
    List<CopyProgress> beats = new ArrayList<>();
    Transfer transfer =
        new Transfer(
            servers, stores, () -> beats::add, Duration.ofSeconds(1), 4, Clock.systemUTC());
    CatalogRegistry registry =
        new CatalogRegistry(
            servers,
            new VersionFiles(
                servers,
                stores,
                () -> beats::add,
                Duration.ofSeconds(1),
                4,
                Duration.ofMinutes(1)));
    TrainedRun trained =
        new MlflowTracking(servers)
            .findRun(new RunSearch(name, null, null, Objects.requireNonNull(RUNS.get(name))));
    ManifestRef manifest =
        transfer.makeManifest(new ManifestOrder(trained.model(), "promotion/churn/abc"));
    VersionOrder order =
        new VersionOrder(
            name,
            MODEL,
            trained.model(),
            "key-1",
            Map.of(Tags.DIGEST, manifest.digest(), Tags.MANIFEST, manifest.artifactUri()),
            "of a test");

    ModelVersion made = registry.registerVersion(order);
    long sent = workspace.calls().matching("PUT", "*").size();

    assertThat(registry.registerVersion(order)).isEqualTo(made);
    assertThat(registry.settleVersion(order).kept()).isEqualTo(made);
    assertThat(made.version()).isEqualTo("1");
    assertThat(workspace.calls().matching("PUT", "*")).hasSize((int) sent);
    registry.mark(new MarkOrder(name, MODEL, "1", Marking.ALIASES, "champion"));
    TrainedRun origin = registry.runOf(new VersionQuery(name, MODEL, "1"));
    assertThat(
            transfer.makeManifest(new ManifestOrder(origin.model(), "promotion/churn/v1")).digest())
        .isEqualTo(manifest.digest());
    assertThat(beats.toString()).doesNotContain(TOKEN);
  }

  private static MlflowServers servers() {
    return new MlflowServers() {
      @Override
      public MlflowServer of(String workspace) {
        URI host = Objects.requireNonNull(WORKSPACES.get(workspace)).host();
        return new MlflowServer(HTTP, host, () -> TOKEN, workspace, MlflowPages.ofDatabricks(host));
      }

      @Override
      public MlflowServer readerOf(String workspace) {
        return of(workspace);
      }
    };
  }

  /** What MLflow's own client reports, by workspace name. */
  private static Map<String, String> client(String what) throws Exception {
    Path script = folder.resolve("catalog-client.py");
    try (InputStream in = CatalogIT.class.getResourceAsStream("/catalog-client.py")) {
      Files.write(script, Objects.requireNonNull(in).readAllBytes());
    }
    List<String> arguments = new ArrayList<>(List.of(script.toString(), what, folder.toString()));
    WORKSPACES.forEach((name, workspace) -> arguments.add(name + "=" + workspace.host()));
    Path log = folder.resolve(what + ".log");
    ProcessBuilder builder =
        RealMlflow.python(arguments).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("DATABRICKS_TOKEN", TOKEN);
    Process process = builder.start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(ended && process.exitValue() == 0).as(text).isTrue();
    Map<String, String> said = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      int colon = line.indexOf(": ");
      if (colon > 0 && WORKSPACES.containsKey(line.substring(0, colon))) {
        said.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return said;
  }
}
