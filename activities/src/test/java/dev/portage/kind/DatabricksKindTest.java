package dev.portage.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.http.HttpWayOut;
import dev.portage.http.NetworkSettings;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.platform.Connections;
import dev.portage.platform.Platform;
import dev.portage.platform.Workspace;
import dev.portage.platform.WorkspaceLogins;
import dev.portage.registry.RegistryActivities;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.Secrets;
import dev.portage.unitycatalog.CatalogRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabricksKindTest {
  private final HttpWayOut http = HttpWayOut.open(NetworkSettings.direct());

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void namesInThreePartsAreThoseOfUnityCatalog() {
    assertThat(registryOf("dev")).isInstanceOf(MlflowRegistry.class);
    assertThat(registryOf("prod")).isInstanceOf(CatalogRegistry.class);
  }

  private RegistryActivities registryOf(String name) {
    String text =
        """
        workspaces:
          dev:  { host: "https://dev.example.com", token: "env:DEV" }
          prod: { host: "https://prod.example.com", token: "env:PROD", models: "prod.ml.{model}" }
        identity: claimed
        """;
    Reading<Platform> reading = Platform.read("portage.yaml", text, KnownKinds.all());
    Platform platform = ((Reading.Good<Platform>) reading).value();
    Secrets secrets =
        new Secrets(Path.of(""), Map.of("DEV", "d", "PROD", "p")::get, KeyVault.absent());
    Connections connections =
        new Connections(new WorkspaceLogins(() -> platform, secrets, Set.of("dev", "prod")), http);
    Workspace workspace = connections.logins().workspace(name);
    return workspace.kind().activities(workspace, connections).stream()
        .filter(RegistryActivities.class::isInstance)
        .map(RegistryActivities.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
