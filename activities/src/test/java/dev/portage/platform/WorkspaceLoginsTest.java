package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.document.Reading;
import dev.portage.http.Credential;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.login.Credentials;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.Secrets;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkspaceLoginsTest {

  private static final String TEXT =
      """
      workspaces:
        dev:  { host: "http://127.0.0.1:1", token: "env:DEV", reader: "env:DEV_READER" }
        prod: { host: "http://127.0.0.1:2", token: "env:PROD" }
        open: { mlflow: "http://127.0.0.1:3" }
      identity: claimed
      """;

  private final Map<String, String> environment =
      new HashMap<>(Map.of("DEV", "dev-value", "DEV_READER", "reader-value", "PROD", "prod-value"));
  private final List<String> read = new ArrayList<>();

  private static final OutboundHttp HTTP = OutboundHttp.open(NetworkSettings.direct());

  @Test
  void aWorkerForProdHoldsItsTokenAndTheReadOnlyLoginOfItsSource() {
    WorkspaceLogins logins = logins("prod");

    assertThat(logins.login("prod").orElseThrow().authorization()).isEqualTo("Bearer prod-value");
    assertThat(logins.reader("dev").orElseThrow().authorization()).isEqualTo("Bearer reader-value");
    assertThat(read).containsExactly("PROD", "DEV_READER");
  }

  @Test
  void itNeverReadsTheTokenOfAnotherWorkspace() {
    assertThat(failure(() -> logins("prod").login("dev")))
        .extracting(ApplicationFailure::getOriginalMessage)
        .isEqualTo(
            """
            use the login of workspace dev failed in this worker: this worker serves prod alone
              Start a worker for it: portage worker --workspaces dev\
            """);
    assertThat(read).isEmpty();
  }

  @Test
  void aWorkerForDevHasNoLoginForProd() {
    assertThat(failure(() -> logins("dev").reader("prod")))
        .hasMessageContaining("copies nothing from it");
    assertThat(read).isEmpty();
  }

  @Test
  void theTokenReadsIfThereIsNoReader() {
    assertThat(logins("prod").reader("prod").orElseThrow().text()).isEqualTo("env:PROD");
  }

  @Test
  void aServerWithoutALoginNeedsNone() {
    assertThat(logins("open").login("open")).isEmpty();
  }

  @Test
  void aRotatedTokenIsReadWithTheNextUse() {
    Credential login = logins("prod").login("prod").orElseThrow();
    assertThat(login.authorization()).isEqualTo("Bearer prod-value");
    environment.put("PROD", "new-value");
    assertThat(login.authorization()).isEqualTo("Bearer new-value");
  }

  @Test
  void anUnknownWorkspaceIsReportedWithTheKnownOnes() {
    assertThat(failure(() -> logins("prod").reader("qa")))
        .hasMessageContaining("there are dev, prod, open");
  }

  @ParameterizedTest
  @CsvSource({
    "https://adb-1.2.azuredatabricks.net,https://adb-1.2.AZUREDATABRICKS.net.:443,true",
    "https://adb-1.2.azuredatabricks.net,https://westeurope.azuredatabricks.net,true",
    "https://dbc-a1-b2.cloud.databricks.com,https://ml.example.com,true",
    "https://adb-1.2.azuredatabricks.net,https://adb-3.4.azuredatabricks.net,false"
  })
  @Tag("S1.24")
  void aWorkspaceThatMayBeTheSameByAnotherAddressKeepsItsJobs(
      String qa, String prod, boolean isNeighbour) {
    WorkspaceLogins logins =
        logins(
            """
            workspaces:
              qa:   { host: "%s", token: "env:Q", models: "qa.ml.{model}" }
              prod: { host: "%s", token: "env:P", models: "prod.ml.{model}" }
            identity: claimed
            """
                .formatted(qa, prod),
            "prod");

    assertThat(logins.neighbours(logins.workspace("prod")))
        .isEqualTo(isNeighbour ? Set.of("qa") : Set.of());
  }

  private WorkspaceLogins logins(String served) {
    return logins(TEXT, served);
  }

  private WorkspaceLogins logins(String text, String served) {
    Reading<Platform> reading = Platform.read("portage.yaml", text, TestKinds.ALL);
    Platform platform = ((Reading.Good<Platform>) reading).value();
    Secrets secrets =
        new Secrets(
            Path.of(""),
            name -> {
              read.add(name);
              return environment.get(name);
            },
            KeyVault.absent());
    return new WorkspaceLogins(() -> platform, new Credentials(secrets, HTTP), Set.of(served));
  }

  private static ApplicationFailure failure(Runnable call) {
    return catchThrowableOfType(ApplicationFailure.class, call::run);
  }
}
