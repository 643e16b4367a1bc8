package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.candidate.ModelLocation;
import dev.portage.connection.TemporalConnection;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.registry.VersionOrder;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.mlflow.RealModels;
import dev.portage.sandbox.world.World;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.client.WorkflowNotFoundException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/** {@code portage copy}: one version from dev to prod, outside a promotion. */
@OwnsTheWorld
class VersionCopyIT {
  private final World world = TheWorld.world();
  private final Witness witness = new Witness(world);
  private final Commands commands = new Commands(TheWorld.folder("copies"));
  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());

  @AfterEach
  void close() {
    witness.close();
    http.close();
  }

  @Test
  @Tag("S1.06")
  @Tag("S1.07")
  void aVersionIsInspectedThenCopiedThenFound() throws IOException {
    String model = "by-itself";
    version(model, Map.of("MLmodel", "flavors: {}\n", "data/model.pkl", "bytes of a model"));

    Result looked = copy(model + "/1", "--dry-run");
    assertThat(looked.code()).as(looked.out()).isZero();
    assertThat(looked.json().path("phase").asText()).isEqualTo("LOOKED");
    assertThat(looked.json().path("files").asInt()).isEqualTo(2);
    assertThat(witness.versions("prod", model)).isEmpty();

    Result copied = copy(model + "/1");
    assertThat(copied.code()).as(copied.out()).isZero();
    assertThat(copied.json().path("phase").asText()).isEqualTo("DONE");
    ModelVersion arrived = theOnlyVersion(model);
    assertThat(arrived.getVersion()).isEqualTo(copied.json().path("toVersion").asText());
    assertThat(witness.files("prod", arrived))
        .containsOnlyKeys("MLmodel", "data/model.pkl")
        .isEqualTo(witness.files("dev", witness.versions("dev", model).getFirst()));
    assertThat(Witness.tags(arrived))
        .containsEntry(Tags.DIGEST, copied.json().path("digest").asText())
        .hasEntrySatisfying(
            Tags.LINEAGE, lineage -> assertThat(lineage).startsWith("dev " + model + "/1 run "));
    assertThat(arrived.getAliasesList()).isEmpty();
    assertThat(arrived.getCurrentStage()).isEqualTo("None");

    JsonNode again = copy(model + "/1", "--verify", "sizes").json();
    assertThat(again.path("sentBytes").asLong()).isZero();
    assertThat(again.path("toVersion").asText()).isEqualTo(arrived.getVersion());
    theOnlyVersion(model);
  }

  @Test
  void contradictoryRequestsAreRefusedBeforeAnythingChanges() throws IOException {
    String model = "refused-copy";
    version(model, Map.of("MLmodel", "flavors: {}\n"));

    assertThat(typed(model + "/latest", "dev", "prod"))
        .satisfies(said -> {
          assertThat(said.code()).isEqualTo(2);
          assertThat(said.out()).contains("can change at any time");
        });
    assertThat(typed(model + "/1", "dve", "prod"))
        .satisfies(said -> {
          assertThat(said.code()).as(said.out()).isEqualTo(2);
          assertThat(said.out()).contains("--from names workspace \"dve\"", "dev, prod");
        });
    assertThat(typed(model + "/1", "dev", "dev"))
        .satisfies(said -> {
          assertThat(said.code()).as(said.out()).isEqualTo(2);
          assertThat(said.out()).contains("the same workspace");
        });
    assertThat(typed(model + "/7", "dev", "prod"))
        .satisfies(said -> {
          assertThat(said.code()).as(said.out()).isEqualTo(2);
          assertThat(said.out()).contains("it does not exist");
        });
    assertThat(typed(model + "/champion", "dev", "prod"))
        .satisfies(said -> {
          assertThat(said.code()).as(said.out()).isEqualTo(2);
          assertThat(said.out()).contains("there is no such alias");
        });
    assertThat(witness.versions("prod", model)).isEmpty();
  }

  /** {@code portage adopt}: what is live already, and the job that scores with it. */
  @Test
  @Tag("S1.10")
  void whatIsLiveAlreadyIsAdoptedWithItsJob() throws Exception {
    String model = "was-live";
    version("prod", model, Map.of("MLmodel", "flavors: {}\n", "model.pkl", "bytes of a model"));
    createJob("prod", "nightly-was-live");

    Result looked = adopt(model, "--version", "1", "--job", "nightly-was-live", "--dry-run");
    assertThat(looked.code()).as(looked.out()).isZero();
    assertThat(looked.json().at("/plan/files").asInt()).isEqualTo(2);
    assertThat(Witness.tags(theOnlyVersion(model))).doesNotContainKey(Tags.RELEASE);

    Result adopted = adopt(model, "--version", "1", "--job", "nightly-was-live", "--yes");
    assertThat(adopted.code()).as(adopted.out()).isZero();
    assertThat(Witness.tags(theOnlyVersion(model)))
        .containsEntry(Tags.RELEASE, Tags.LIVE)
        .containsEntry(Tags.DIGEST, adopted.json().at("/release/digest").asText());
    assertThat(witness.jobs("prod", "nightly-was-live"))
        .singleElement()
        .satisfies(
            job -> assertThat(job.at("/settings/tags/portage_model").asText()).isEqualTo(model));

    Result again = adopt(model, "--yes");
    assertThat(again.code()).as(again.out()).isZero();
    assertThat(again.json().path("says").asText()).startsWith("version 1 is recorded already");
  }

  private Result adopt(String model, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("adopt", model, "--workspace", "prod", "--by", "ana@example.com"));
    arguments.addAll(List.of(more));
    return commands.json(arguments.toArray(String[]::new));
  }

  private void createJob(String workspace, String name) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(world.workspace(workspace).host().resolve("/api/2.2/jobs/create"))
              .header("Authorization", "Bearer " + Files.readString(world.token(workspace)).strip())
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"" + name + "\"}"))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void twoWorkersShareManyFilesAndOneOfThemIsKilled() throws Exception {
    String model = "many-files";
    Map<String, String> files = new HashMap<>();
    files.put("MLmodel", "flavors: {}\n");
    for (int i = 0; i < Sizes.MANY_FILES; i++) {
      files.put("data/%02d/file-%05d.txt".formatted(i % 100, i), "content of file " + i);
    }
    version(model, files);
    Process second = secondWorker();
    try {
      awaitReady(second);
      CompletableFuture<Result> copying =
          Together.begin(() -> copy(model + "/1", "--verify", "sizes"));
      try (TemporalConnection temporal = TemporalConnection.open(Map.of(), commands.folder())) {
        Awaitility.await("both workers to have a partition")
            .atMost(Duration.ofMinutes(10))
            .failFast("the copy ended before", copying::isDone)
            .until(() -> carriers(temporal, model).size() == 2);
      }
      second.destroyForcibly();

      Result copied = copying.join();
      assertThat(copied.code()).as(copied.out()).isZero();
      assertThat(copied.json().path("files").asInt()).isEqualTo(Sizes.MANY_FILES + 1);
      assertThat(copied.json().path("ways").asText())
          .contains("in " + (Sizes.MANY_FILES / Sizes.PARTITION_FILES + 1) + " partitions");
      ModelVersion arrived = theOnlyVersion(model);
      assertThat(contents("prod", arrived))
          .hasSize(Sizes.MANY_FILES + 1)
          .isEqualTo(contents("dev", witness.versions("dev", model).getFirst()));

      tellManifest(model, arrived);
      JsonNode again = copy(model + "/1", "--verify", "sizes").json();
      assertThat(again.path("sentBytes").asLong()).isZero();
      assertThat(again.path("toVersion").asText()).isEqualTo(arrived.getVersion());
    } finally {
      second.destroyForcibly();
    }
  }

  private Result copy(String version, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "copy",
                "models:/" + version,
                "--from",
                "dev",
                "--to",
                "prod",
                "--by",
                "ana@example.com"));
    arguments.addAll(List.of(more));
    return commands.json(arguments.toArray(String[]::new));
  }

  private Result typed(String version, String from, String to) {
    return commands.run(
        "copy", "models:/" + version, "--from", from, "--to", to, "--by", "ana@example.com");
  }

  private ModelVersion theOnlyVersion(String model) {
    List<ModelVersion> versions = witness.versions("prod", model);
    assertThat(versions).hasSize(1);
    return versions.getFirst();
  }

  /** Contents by path, from the server's disk: this many over HTTP would be slow. */
  private Map<String, String> contents(String workspace, ModelVersion version) throws IOException {
    Path root = artifacts(workspace).resolve(witness.artifacts(workspace, version));
    Map<String, String> contents = new HashMap<>();
    try (var tree = Files.walk(root)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        contents.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }

  private Path artifacts(String workspace) {
    return world.folder().workspace(workspace).resolve("mlflow/artifacts");
  }

  /** A registered version in dev whose files are written to the server's disk. */
  private void version(String model, Map<String, String> files) throws IOException {
    version("dev", model, files);
  }

  private void version(String workspace, String model, Map<String, String> files)
      throws IOException {
    MlflowServer server = servers().of(workspace);
    String experiment = server.experiments().namedOrNew("/copies/" + model).id();
    String run = server.runs().create(experiment, "train", null, Map.of()).id();
    server.runs().end(run, "FINISHED", null);
    Path folder = artifacts(workspace).resolve(experiment + "/" + run + "/artifacts/model");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.resolveSibling(""));
      Files.writeString(path, file.getValue());
    }
    new MlflowRegistry(servers())
        .registerVersion(
            new VersionOrder(
                workspace,
                model,
                new ModelLocation(
                    workspace,
                    experiment,
                    run,
                    null,
                    "model",
                    "runs:/" + run + "/model",
                    "mlflow-artifacts:/" + experiment + "/" + run + "/artifacts/model"),
                "made-by-hand",
                Map.of(),
                "of a test"));
  }

  /**
   * Tags the version in dev as a promotion's register step does, so its files are not read again.
   */
  private void tellManifest(String model, ModelVersion arrived) {
    Map<String, String> tags = new HashMap<>(Witness.tags(arrived));
    tags.keySet().retainAll(Set.of(Tags.DIGEST, Tags.MANIFEST));
    new MlflowRegistry(servers()).labelVersion(new VersionLabels("dev", model, "1", tags));
  }

  private MlflowServers servers() {
    return RealModels.servers(http, world.mlflow("dev"), world.mlflow("prod"));
  }

  /** Another process besides prod's worker, with the same files and settings. */
  private Process secondWorker() throws IOException {
    Path process = Path.of("/proc", Long.toString(world.worker("prod").pid()));
    List<String> command =
        new ArrayList<>(
            List.of(Files.readString(process.resolve("cmdline")).split("\0", -1)).stream()
                .filter(word -> !word.isEmpty())
                .toList());
    command.set(command.indexOf("--port") + 1, "0");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(world.folder().worker("prod").toFile())
            .redirectErrorStream(true)
            .redirectOutput(world.folder().log("second-worker").toFile());
    for (String variable : Files.readString(process.resolve("environ")).split("\0", -1)) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return builder.start();
  }

  /** Waits until it polls for work: a copy of few files would be over before. */
  private void awaitReady(Process worker) {
    Path log = world.folder().log("second-worker");
    Awaitility.await("the second worker")
        .atMost(Duration.ofMinutes(10))
        .failFast("it ended", () -> !worker.isAlive())
        .until(() -> Files.readString(log).contains("portage worker ready"));
  }

  /** Who took a partition, according to Temporal; nobody until the copy has started. */
  private static Set<String> carriers(TemporalConnection temporal, String model) {
    try {
      return temporal
          .client()
          .newUntypedWorkflowStub("copy/dev/prod/" + model + "/1")
          .describe()
          .getRawDescription()
          .getPendingActivitiesList()
          .stream()
          .filter(activity -> activity.getActivityType().getName().equals("CopyPartition"))
          .map(PendingActivityInfo::getLastWorkerIdentity)
          .filter(identity -> !identity.isEmpty())
          .collect(Collectors.toSet());
    } catch (WorkflowNotFoundException e) {
      return Set.of();
    }
  }
}
