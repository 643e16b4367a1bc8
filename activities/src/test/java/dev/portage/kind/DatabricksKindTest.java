package dev.portage.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.http.HttpWayOut;
import dev.portage.http.NetworkSettings;
import dev.portage.platform.Connections;
import dev.portage.platform.Platform;
import dev.portage.platform.Workspace;
import dev.portage.platform.WorkspaceLogins;
import dev.portage.preflight.WorkspaceActivities;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Databricks workspace whose platform file changes while its worker runs. */
class DatabricksKindTest {
  private static final String OWN = "GET /api/2.0/mlflow/registered-models/get";
  private static final String CATALOG = "GET /api/2.0/mlflow/unity-catalog/registered-models/alias";

  private final HttpWayOut http = HttpWayOut.open(NetworkSettings.direct());
  private Recorded workspace;
  private volatile String more = "";

  @BeforeEach
  void aWorkspace() throws IOException {
    workspace = new Recorded();
  }

  @AfterEach
  void close() {
    workspace.close();
    http.close();
  }

  @Test
  void theRegistryIsThatOfTheNameHoweverTheWorkerBegan() {
    RegistryActivities begun = of(RegistryActivities.class);

    assertThat(begun.champion(new ModelQuery("dev", "churn", Marking.ALIASES))).isEmpty();
    assertThat(workspace.asked).containsExactly(OWN);

    more = ", models: \"prod.ml.{model}\"";
    String now = connections().logins().workspace("dev").model("churn");
    assertThat(begun.champion(new ModelQuery("dev", now, Marking.ALIASES))).isEmpty();
    assertThat(workspace.asked).containsExactly(OWN, CATALOG);

    // A promotion that was begun before keeps its names.
    assertThat(begun.champion(new ModelQuery("dev", "churn", Marking.ALIASES))).isEmpty();
    assertThat(workspace.asked).containsExactly(OWN, CATALOG, OWN);
  }

  @Test
  void theInspectionLooksAtTheRegistryThatTheFileNamesNow() {
    workspace.on("GET /api/2.0/preview/scim/v2/Me", 200, "{\"userName\":\"ana@example.com\"}");
    WorkspaceActivities begun = of(WorkspaceActivities.class);
    WorkspaceNeeds needs = new WorkspaceNeeds("dev", null, null, List.of(Right.READ_REGISTRY));

    begun.inspect(needs);
    assertThat(workspace.asked).last().asString().endsWith("mlflow/registered-models/search");

    more = ", models: \"prod.ml.{model}\"";
    begun.inspect(needs);
    assertThat(workspace.asked)
        .last()
        .asString()
        .endsWith("mlflow/unity-catalog/registered-models/search");
  }

  @Test
  void transfersAreReadAtEachUse() {
    IntSupplier transfers = new PlatformServers(connections()).transfers("dev");
    assertThat(transfers.getAsInt()).isEqualTo(16);

    more = ", transfers: 3";
    assertThat(transfers.getAsInt()).isEqualTo(3);
  }

  private <T> T of(Class<T> activities) {
    Connections connections = connections();
    Workspace dev = connections.logins().workspace("dev");
    return dev.kind().activities(dev, connections).stream()
        .filter(activities::isInstance)
        .map(activities::cast)
        .findFirst()
        .orElseThrow();
  }

  private Connections connections() {
    Secrets secrets = new Secrets(Path.of(""), Map.of("DEV", "d")::get, KeyVault.absent());
    return new Connections(new WorkspaceLogins(this::platform, secrets, Set.of("dev")), http);
  }

  private Platform platform() {
    String text =
        """
        workspaces:
          dev:  { host: "%s", token: "env:DEV"%s }
          prod: { host: "https://prod.example.com", token: "env:PROD" }
        identity: claimed
        """
            .formatted(workspace.address(), more);
    return ((Reading.Good<Platform>) Platform.read("portage.yaml", text, KnownKinds.all())).value();
  }
}
