package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.RunInfo;

/** What a tiny team's released promotion leaves, whatever happened on the way. */
final class OneOfEverything {

  private OneOfEverything() {}

  /** Fails if something is missing or duplicated. */
  static void isThere(Witness witness, String model, String promotion, JsonNode view) {
    ModelVersion dev = only(witness.versions("dev", model));
    ModelVersion prod = only(witness.versions("prod", model));
    assertThat(only(witness.runs("dev", promotion)).getRunId()).isEqualTo(dev.getRunId());
    assertThat(only(witness.runs("prod", promotion)).getRunId()).isEqualTo(prod.getRunId());
    assertThat(List.of(dev.getCurrentStage(), prod.getCurrentStage())).containsOnly("Production");
    assertThat(witness.files("prod", prod)).isEqualTo(witness.files("dev", dev)).isNotEmpty();

    assertThat(witness.submittedRuns("dev", model + " train")).hasSize(1);
    JsonNode job = only(witness.jobs("prod", model + "-batch"));
    assertThat(job.toString()).contains(model + " version " + prod.getVersion() + ".");
    assertThat(witness.jobRuns("prod", model + "-batch")).hasSize(1);
    assertThat(witness.rows(model + "_predictions")).isEqualTo(Map.of(promotion + " 1", 10));

    // A temporary duplicate that was deleted appears nowhere.
    String said = view + job.toString() + dev + prod;
    assertThat(
            witness.deletedRuns("prod", promotion).stream()
                .map(RunInfo::getRunId)
                .filter(said::contains)
                .collect(Collectors.toSet()))
        .isEmpty();
  }

  private static <T> T only(List<T> all) {
    assertThat(all).hasSize(1);
    return all.getFirst();
  }
}
