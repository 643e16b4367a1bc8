package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.localworkspace.serving.ServingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databricks' own client and MLflow's find serving endpoints to be as they know them. */
class ServingClientsIT {
  @TempDir Path folder;

  @Test
  void databricksOwnPythonClientAndMlflowsWorkUnchanged() throws IOException, InterruptedException {
    ServingSettings settings = ServingSettings.standard().withMetricsAfter(Duration.ZERO);
    try (ServingWorkspace serving = new ServingWorkspace(folder, settings)) {
      String said =
          serving.python(
              "serving-client.py", List.of(), serving.workspace.host(), ServingWorkspace.TOKEN);

      assertThat(said).contains("all of it works");
    }
  }
}
