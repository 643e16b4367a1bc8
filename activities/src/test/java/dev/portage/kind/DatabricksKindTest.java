package dev.portage.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.login.Credentials;
import dev.portage.platform.Platform;
import dev.portage.platform.Workspace;
import dev.portage.platform.WorkspaceAccess;
import dev.portage.platform.WorkspaceLogins;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Databricks workspace whose platform file changes while its worker runs. */
class DatabricksKindTest {
  private static final String OWN = "GET /api/2.0/mlflow/registered-models/get";
  private static final String CATALOG = "GET /api/2.0/mlflow/unity-catalog/registered-models/alias";

  private static final String STATUS = "GET /api/2.0/workspace/get-status";
  private static final String BY_NAME = "GET /api/2.0/mlflow/experiments/get-by-name";
  private static final String EXPERIMENT =
      "{\"experiment\":{\"experiment_id\":\"7\",\"name\":\"/Shared/x\",\"lifecycle_stage\":\"active\","
          + "\"artifact_location\":\"dbfs:/databricks/mlflow-tracking/7\"}}";

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private Recorded workspace;
  private volatile String more = "";
  private volatile String login = "token: \"env:DEV\"";

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
  void theRegistryFollowsTheNameHoweverTheWorkerStarted() {
    RegistryActivities begun = of(RegistryActivities.class);

    assertThat(begun.champion(new ModelQuery("dev", "churn", Marking.ALIASES))).isEmpty();
    assertThat(workspace.asked).containsExactly(OWN);

    more = ", models: \"prod.ml.{model}\"";
    String now = connections().logins().workspace("dev").model("churn");
    assertThat(begun.champion(new ModelQuery("dev", now, Marking.ALIASES))).isEmpty();
    assertThat(workspace.asked).containsExactly(OWN, CATALOG);

    // A promotion that started earlier keeps its names.
    assertThat(begun.champion(new ModelQuery("dev", "churn", Marking.ALIASES))).isEmpty();
    assertThat(workspace.asked).containsExactly(OWN, CATALOG, OWN);
  }

  @Test
  void theInspectionUsesTheRegistryThatTheFileNamesNow() {
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

  @ParameterizedTest
  @CsvSource({"login, login of workspace dev", "reader, login to copy from dev to prod"})
  @Tag("S1.19")
  void aLoginThatIsRefusedWhereTokensAreIssuedIsSaidOfItsWorkspace(String key, String what) {
    workspace.on(
        "POST /oidc/v1/token",
        401,
        "{\"error\":\"invalid_client\",\"error_description\":\"Client authentication failed\"}");
    String oauth =
        ": { kind: databricks-oauth, client-id: portage-1, client-secret: \"env:SECRET\" }";
    login = key.equals("login") ? key + oauth : "token: \"env:DEV\", " + key + oauth;

    List<Finding> findings =
        of(WorkspaceActivities.class)
            .inspect(
                key.equals("login")
                    ? new WorkspaceNeeds("dev", null, null, List.of(Right.READ_REGISTRY))
                    : WorkspaceNeeds.of("prod", List.of()).copiesFrom("dev").build())
            .findings();

    assertThat(findings)
        .filteredOn(finding -> finding.what().equals(what))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.where()).isEqualTo("workspace dev");
          assertThat(finding.text()).contains("portage-1", workspace.address(), "invalid_client");
          assertThat(finding.remedy()).contains("env:SECRET");
        });
  }

  @Test
  void anExperimentIsFoundByAnotherFormOfItsPath() {
    workspace.on(
        BY_NAME,
        request -> {
          assertThat(request.getUrl().queryParameter("experiment_name")).isEqualTo("/Shared/x");
          return Recorded.answer(200, EXPERIMENT);
        });

    for (String name : List.of("/Shared/x", "/Workspace/Shared/x", "/Shared/x/", "/Shared//x")) {
      assertThat(experiment(name))
          .as(name)
          .satisfies(finding -> assertThat(finding.text()).isEqualTo("exists, id 7"));
      assertThat(new PlatformServers(connections()).of("dev").experiments().namedOrNew(name).id())
          .isEqualTo("7");
    }
  }

  @Test
  void anExperimentNameThatIsNoPathIsAFindingWithThePath() {
    Finding failed = experiment("churn");

    assertThat(failed.verdict()).isEqualTo(Verdict.LACK);
    assertThat(failed.remedy()).isEqualTo("Use a full path such as /Shared/churn.");
  }

  @Test
  void anExperimentOfANotebookIsAFinding() {
    at(Map.of("/Shared/x", "NOTEBOOK", "/Shared", "DIRECTORY"));

    assertThat(experiment("/Shared/x").text())
        .isEqualTo("that is the name of a NOTEBOOK, so no experiment can use it");
    at(Map.of("/Shared/x", "NOTEBOOK"));
    assertThat(experiment("/Shared/x/y").text())
        .isEqualTo("/Shared/x is a NOTEBOOK, which can't contain experiments");
  }

  @Test
  void aMissingFolderIsCreatedWithTheExperiment() {
    at(Map.of("/Shared", "DIRECTORY"));
    assertThat(experiment("/Shared/team/x"))
        .isEqualTo(
            Finding.ok(
                "workspace dev",
                "experiment /Shared/team/x",
                "does not exist yet; the first promotion creates it, and its folder /Shared/team"));

    AtomicBoolean made = new AtomicBoolean();
    workspace
        .on(
            "POST /api/2.0/workspace/mkdirs",
            request -> {
              assertThat(Objects.requireNonNull(request.getBody()).utf8())
                  .contains("\"/Shared/team\"");
              made.set(true);
              return Recorded.answer(200, "{}");
            })
        .on(
            "POST /api/2.0/mlflow/experiments/create",
            _ ->
                made.get()
                    ? Recorded.answer(200, "{\"experiment_id\":\"8\"}")
                    : Recorded.answer(404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}"));
    assertThat(
            new PlatformServers(connections())
                .of("dev")
                .experiments()
                .namedOrNew("/Shared/team/x")
                .id())
        .isEqualTo("8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "404 | {\"message\":\"The parent folder (/Shared/team) does not exist.\"}",
        "400 | {\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Tree node with path '/Shared/team' does not exist\"}"
      })
  void everyErrorForAMissingFolderIsUnderstood(int status, String body) {
    AtomicBoolean made = new AtomicBoolean();
    workspace
        .on(
            "POST /api/2.0/workspace/mkdirs",
            _ -> {
              made.set(true);
              return Recorded.answer(200, "{}");
            })
        .on(
            "POST /api/2.0/mlflow/experiments/create",
            _ ->
                made.get()
                    ? Recorded.answer(200, "{\"experiment_id\":\"8\"}")
                    : Recorded.answer(status, body));

    assertThat(
            new PlatformServers(connections())
                .of("dev")
                .experiments()
                .namedOrNew("/Shared/team/x")
                .id())
        .isEqualTo("8");
  }

  @Test
  void aMissingPersonalFolderIsNotCreated() {
    at(Map.of("/Users", "DIRECTORY"));

    assertThat(experiment("/Users/nobody@example.com/x").text())
        .startsWith("there is no folder /Users/nobody@example.com");
  }

  @Test
  void nothingIsGuessedWhereTheWorkspaceDoesNotSay() {
    workspace.on(STATUS, 404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\"}");

    assertThat(experiment("/Shared/x").text())
        .isEqualTo("does not exist yet; the first promotion creates it");
  }

  private void at(Map<String, String> types) {
    workspace.on(
        STATUS,
        request -> {
          String type = types.get(String.valueOf(request.getUrl().queryParameter("path")));
          return type == null
              ? // As Databricks' test server answers: a message without a code.
              Recorded.answer(404, "{\"message\":\"Path (/x) doesn't exist.\"}")
              : Recorded.answer(200, "{\"object_type\":\"" + type + "\"}");
        });
  }

  private Finding experiment(String name) {
    workspace
        .on("GET /api/2.0/preview/scim/v2/Me", 200, "{\"userName\":\"ana@example.com\"}")
        .on("GET /api/2.0/mlflow/registered-models/search", 200, "{}");
    return of(WorkspaceActivities.class)
        .inspect(new WorkspaceNeeds("dev", null, name, List.of(Right.READ_REGISTRY)))
        .findings()
        .getLast();
  }

  @Test
  void transfersAreReadAtEachUse() {
    IntSupplier transfers = new PlatformServers(connections()).transfers("dev");
    assertThat(transfers.getAsInt()).isEqualTo(16);

    more = ", transfers: 3";
    assertThat(transfers.getAsInt()).isEqualTo(3);
  }

  private <T> T of(Class<T> activities) {
    WorkspaceAccess access = connections();
    Workspace dev = access.logins().workspace("dev");
    return dev.kind().activities(dev, access).stream()
        .filter(activities::isInstance)
        .map(activities::cast)
        .findFirst()
        .orElseThrow();
  }

  private WorkspaceAccess connections() {
    Secrets secrets =
        new Secrets(
            Path.of(""), Map.of("DEV", "d", "SECRET", "dose0123456789")::get, KeyVault.absent());
    return new WorkspaceAccess(
        new WorkspaceLogins(this::platform, new Credentials(secrets, http), Set.of("dev", "prod")),
        http);
  }

  private Platform platform() {
    String text =
        """
        workspaces:
          dev:  { host: "%s", %s%s }
          prod: { host: "%s", models: "prod-{model}", token: "env:DEV" }
        identity: claimed
        """
            .formatted(workspace.address(), login, more, workspace.address());
    return ((Reading.Good<Platform>) Platform.read("portage.yaml", text, KnownKinds.all())).value();
  }
}
