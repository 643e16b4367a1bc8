package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.Commands.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/** A step runs on the compute that its word stands for. */
@OwnsTheWorld
class ComputeIT {
  private static final int WAITING = 4;

  private final PlatformFiles platform = new PlatformFiles(TheWorld.world());

  @AfterEach
  void putThePlatformsFilesBack() {
    platform.restore();
  }

  @Test
  void aPromotionTrainsWithTheVariablesAndRequirementsOfAWord() throws IOException {
    platform.change(text ->
        text
            + """
            compute:
              trial:
                node-type: Standard_D4ds_v5
                variables: { SLOPE: 3.5 }
                libraries: [requirements.txt]
            """);
    Team team = Team.tiny("worded");
    Files.writeString(
        team.repository().folder().resolve("requirements.txt"), "# for tracking\nmlflow>=2\n");
    team.change(
        "promotion.yaml",
        "train: notebooks/train.py",
        "train: { notebook: notebooks/train.py, compute: trial }");
    team.change("notebooks/train.py", "SLOPE = 2.0", "SLOPE = float(os.environ[\"SLOPE\"])");
    team.commit("Train on a word");

    Result started = team.start();

    assertThat(started.code()).as(started.out()).isEqualTo(WAITING);
    try (Witness witness = new Witness(TheWorld.world())) {
      List<ModelVersion> versions = witness.versions("dev", "worded");
      assertThat(versions).hasSize(1);
      assertThat(witness.run("dev", versions.getFirst().getRunId()).getData().getParamsList())
          .anyMatch(param -> param.getKey().equals("slope") && param.getValue().equals("3.5"));
    }
  }
}
