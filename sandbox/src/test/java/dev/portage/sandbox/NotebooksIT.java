package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.demo.DemoRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Run;

/** Notebooks as people write them, each trained and registered up to the approval. */
@SharesTheWorld
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotebooksIT {
  private static final int WAITING = 4;

  private final Witness witness = new Witness(TheWorld.world());
  private final Map<String, Result> started = new LinkedHashMap<>();

  @BeforeAll
  void startAllAtOnce() throws IOException {
    Path folder = TheWorld.folder("notebooks").resolve("repository");
    DemoRepository.of(RealServers.root().resolve("sandbox/src/test/resources/notebooks"), folder)
        .commit("kim@example.com", "Notebooks of six kinds");
    Commands commands = new Commands(folder);
    Map<String, CompletableFuture<Result>> starts = new LinkedHashMap<>();
    for (String kind :
        List.of(
            "exit-with-nan",
            "two-models-of-one-name",
            "registers-by-itself",
            "logs-outside-of-a-run",
            "magics",
            "jupyter")) {
      starts.put(
          kind,
          Together.begin(
              () -> commands.json("start", kind + "/promotion.yaml", "--by", "sam@example.com")));
    }
    starts.forEach((kind, start) -> started.put(kind, start.join()));
  }

  @AfterAll
  void close() {
    witness.close();
  }

  @Test
  void theRunNamedInAnExitValueWithNaNIsUsed() {
    assertThat(metric(runOf("exit-with-nan"), "rmse")).isEqualTo(50.0);
  }

  @Test
  void theModelOfTheHighestStepIsRegistered() {
    ModelVersion version = only("two-models-of-one-name");

    assertThat(runOf("two-models-of-one-name").getData().getTagsList())
        .anyMatch(
            tag -> tag.getKey().equals("best") && version.getSource().endsWith(tag.getValue()));
  }

  @Test
  void theVersionThatANotebookRegistersIsTheOnlyOne() {
    ModelVersion version = only("registers-by-itself");

    assertThat(Witness.tags(version))
        .containsKeys("portage_found", "portage_key", "portage_promotion");
    assertThat(metric(runOf("registers-by-itself"), "rmse")).isEqualTo(50.0);
  }

  @Test
  void aVersionThatWasLoggedOutsideOfARunIsPromotedAndApproversReadThatItsRunIsUnknown() {
    ModelVersion version = only("logs-outside-of-a-run");

    assertThat(version.getRunId()).as("MLflow 3 registers it so").isEmpty();
    assertThat(Witness.tags(version)).containsKeys("portage_found", "portage_digest");
    Result result = Objects.requireNonNull(started.get("logs-outside-of-a-run"));
    assertThat(result.out())
        .contains("no run in dev is known to have trained models:/m-")
        .contains("to stand for it");
  }

  @Test
  void magicCommandsAndTheContextWork() {
    assertThat(runOf("magics").getData().getTagsList())
        .anyMatch(tag -> tag.getKey().equals("notebook") && tag.getValue().equals("train"));
  }

  @Test
  @Tag("S3.18")
  void aJupyterNotebookTrainsAClassifierOfImages() {
    assertThat(metric(runOf("jupyter"), "accuracy")).isBetween(0.9, 1.0);
  }

  private Run runOf(String model) {
    return witness.run("dev", only(model).getRunId());
  }

  private ModelVersion only(String model) {
    Result result = Objects.requireNonNull(started.get(model), "each was started");
    assertThat(result.code()).as(result.out()).isEqualTo(WAITING);
    List<ModelVersion> versions = witness.versions("dev", model);
    assertThat(versions).hasSize(1);
    return versions.getFirst();
  }

  private static double metric(Run run, String name) {
    return run.getData().getMetricsList().stream()
        .filter(metric -> metric.getKey().equals(name))
        .findFirst()
        .orElseThrow()
        .getValue();
  }
}
