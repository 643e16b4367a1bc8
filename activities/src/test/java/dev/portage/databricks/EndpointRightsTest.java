package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.Failures;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.EndpointWait;
import dev.portage.serving.MetricsSample;
import dev.portage.serving.NewVersion;
import dev.portage.serving.ProbeOrder;
import dev.portage.settings.ServeCase;
import dev.portage.settings.ServeSettings;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a login lacks to serve models: before anything starts, and in the words of a refused call.
 */
@Tag("S1.14")
class EndpointRightsTest extends EndpointWorld {
  private static final String BY_NAME =
      "databricks permissions update serving-endpoints"
          + " $(databricks serving-endpoints get churn -o json | jq -r .id) --json"
          + " '{\"access_control_list\":[{\"user_name\":\"portage@example.com\","
          + "\"permission_level\":\"CAN_MANAGE\"}]}'";

  private static final NewVersion FOUR =
      new NewVersion("churn-4", "prod.ml.churn", "4", ServeSettings.Size.SMALL, false, Map.of());

  @BeforeEach
  void login() {
    workspace.on(
        "GET /api/2.0/preview/scim/v2/Me",
        "{\"id\": \"7\", \"userName\": \"portage@example.com\"}");
  }

  private List<Finding> inspect(@Nullable String endpoint) {
    return new DatabricksInspection(workspace.clients())
            .inspect(
                WorkspaceNeeds.of("dev", List.of(Right.SERVE_MODELS))
                    .model(endpoint == null ? null : "churn")
                    .endpoint(endpoint)
                    .build())
            .findings()
            .stream()
            .filter(finding -> finding.what().contains("endpoint"))
            .toList();
  }

  private void mayCreate(int status, String code, String message) {
    workspace.on(POST, call -> FakeWorkspace.refusal(status, code, message));
  }

  @Test
  void anEndpointThatTheLoginMayManageIsFine() {
    serves("3:100");
    now().put("permission_level", "CAN_MANAGE").put("id", "e1");

    assertThat(inspect("churn")).extracting(Finding::verdict).containsExactly(Verdict.OK);
    assertThat(workspace.calls(POST)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"CAN_QUERY", "CAN_VIEW"})
  void anEndpointThatItMayOnlyUseIsALackWithTheCommand(String level) {
    serves("3:100");
    now().put("permission_level", level).put("id", "e1");

    Finding found = inspect("churn").getFirst();

    assertThat(found.verdict()).isEqualTo(Verdict.LACK);
    assertThat(found.text())
        .isEqualTo("portage@example.com has only " + level + " for it, and can't change it");
    assertThat(found.remedy())
        .startsWith(
            "Someone who manages the endpoint can grant it: databricks permissions update"
                + " serving-endpoints e1 --json")
        .contains("CAN_MANAGE");
  }

  @Test
  void anEndpointThatItMayNotSeeIsALackWithTheCommandByItsName() {
    workspace.on(
        GET, call -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no CAN_VIEW on churn"));

    Finding found = inspect("churn").getFirst();

    assertThat(found.verdict()).isEqualTo(Verdict.LACK);
    assertThat(found.text()).contains("may not see it: 403 PERMISSION_DENIED: no CAN_VIEW");
    assertThat(found.remedy()).endsWith(BY_NAME);
  }

  @Test
  void whereThereIsNoneTheRightToCreateOneIsProbedByWhatNobodyCouldBeGranted() {
    mayCreate(400, "INVALID_PARAMETER_VALUE", "Endpoint name must be alphanumeric");
    assertThat(inspect("churn")).extracting(Finding::verdict).containsExactly(Verdict.OK);

    mayCreate(403, "PERMISSION_DENIED", "User does not have permission to create endpoints");
    Finding found = inspect("churn").getFirst();
    assertThat(found.verdict()).isEqualTo(Verdict.LACK);
    assertThat(found.text()).contains("portage@example.com may not make endpoints: 403");
    assertThat(found.remedy())
        .startsWith("For an admin of the workspace: databricks users patch 7")
        .contains("workspace-access");

    mayCreate(400, "FEATURE_DISABLED", "Model serving is not enabled in this region");
    assertThat(inspect("churn").getFirst())
        .extracting(Finding::verdict, Finding::remedy)
        .containsExactly(Verdict.LACK, "Have the feature enabled for this workspace.");
  }

  private List<Finding> sizes(ServeSettings.Size size) {
    return new DatabricksInspection(workspace.clients())
            .inspect(
                WorkspaceNeeds.of("dev", List.of(Right.SERVE_MODELS))
                    .model("churn")
                    .endpoint("churn")
                    .size(size)
                    .build())
            .findings()
            .stream()
            .filter(finding -> finding.what().startsWith("size"))
            .toList();
  }

  @Test
  void aSizeThatTheWorkspaceSaysItDoesNotOfferIsALackWithThoseThatItDoes() {
    serves("3:100");
    mayCreate(
        400,
        "INVALID_PARAMETER_VALUE",
        "Workload type 'GPU_MEDIUM' with size 'Small' is not supported. Please choose a node type"
            + " from CPU, GPU_SMALL, GPU_LARGE");

    Finding found = sizes(ServeSettings.Size.GPU_MEDIUM).getFirst();

    assertThat(found.verdict()).isEqualTo(Verdict.LACK);
    assertThat(found.text())
        .startsWith("serve.size is gpu-medium, which this workspace doesn't offer: 400");
    assertThat(found.remedy())
        .isEqualTo(
            "Set serve.size in promotion.yaml to one of: small, medium, large, gpu-small, gpu-large");
    assertThat(sizes(ServeSettings.Size.LARGE)).isEmpty();
    assertThat(workspace.calls(POST)).as("of the two").hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "404, RESOURCE_DOES_NOT_EXIST, no model portage-preflight",
    "403, PERMISSION_DENIED, you may not create endpoints",
    "400, INVALID_PARAMETER_VALUE, Registered model 'portage-preflight' does not exist",
  })
  void anyOtherAnswerSaysNothingOfASize(int status, String code, String message) {
    serves("3:100");
    mayCreate(status, code, message);

    assertThat(sizes(ServeSettings.Size.GPU_SMALL)).isEmpty();
  }

  @Test
  void aWorkspaceThatAcceptsTheProbeIsLeftAsItWas() {
    String probe = "DELETE " + BASE + "/portage%20preflight";
    workspace.on(POST, "{\"name\":\"portage preflight\"}").on(probe, "{}");

    assertThat(inspect("churn")).extracting(Finding::verdict).containsExactly(Verdict.NOTE);
    assertThat(workspace.calls(probe)).hasSize(1);
  }

  @Test
  void theDoctorLooksAtTheEndpointsThatPromotionsCreated() {
    serves("3:100");
    now().put("permission_level", "CAN_VIEW").put("id", "e1");
    ObjectNode listed = now().deepCopy();
    listed.remove("permission_level");
    workspace.on("GET " + BASE, "{\"endpoints\":[" + listed + ",{\"name\":\"of-somebody-else\"}]}");
    mayCreate(403, "PERMISSION_DENIED", "no");

    List<Finding> found = inspect(null);

    assertThat(found)
        .extracting(Finding::what, Finding::verdict)
        .containsExactly(
            tuple("make endpoints", Verdict.NOTE), tuple("endpoint churn", Verdict.LACK));
  }

  private static String granted(String principal, String... rights) {
    return "{\"privilege_assignments\":[{\"principal\":\""
        + principal
        + "\",\"privileges\":["
        + Stream.of(rights)
            .map(right -> "{\"privilege\":\"" + right + "\"}")
            .collect(Collectors.joining(","))
        + "]}]}";
  }

  private List<Finding> inspectModel() {
    return new DatabricksInspection(workspace.clients())
            .inspect(
                WorkspaceNeeds.of("dev", List.of(Right.SERVE_MODELS))
                    .model("prod.ml.churn")
                    .endpoint("churn")
                    .build())
            .findings()
            .stream()
            .filter(finding -> finding.what().startsWith("model "))
            .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # creator           | granted to          | right          | owner               | verdict
          portage@example.com | portage@example.com | EXECUTE        | -                   | -
          portage@example.com | account users       | ALL_PRIVILEGES | -                   | -
          portage@example.com | portage@example.com | APPLY_TAG      | portage@example.com | -
          portage@example.com | portage@example.com | APPLY_TAG      | -                   | LACK
          portage@example.com | scientists          | EXECUTE        | -                   | NOTE
          -                   | portage@example.com | APPLY_TAG      | -                   | LACK
          ana@example.com     | ana@example.com     | EXECUTE        | -                   | -
          ana@example.com     | portage@example.com | EXECUTE        | -                   | NOTE
          """)
  void whoeverCreatedTheEndpointNeedsExecuteOnItsModel(
      @Nullable String creator,
      String principal,
      String right,
      @Nullable String owner,
      @Nullable Verdict verdict) {
    if (creator == null) {
      mayCreate(400, "INVALID_PARAMETER_VALUE", "Endpoint name must be alphanumeric");
    } else {
      serves("3:100");
      now().put("permission_level", "CAN_MANAGE").put("id", "e1").put("creator", creator);
    }
    String grants = "GET /api/2.1/unity-catalog/effective-permissions/";
    workspace
        .on(grants + "catalog/prod", granted("account users", "USE_CATALOG"))
        .on(grants + "schema/prod.ml", granted("account users", "USE_SCHEMA"))
        .on(grants + "function/prod.ml.churn", granted(principal, right))
        .on(
            "GET /api/2.1/unity-catalog/models/prod.ml.churn",
            "{\"owner\":\"" + (owner == null ? "somebody" : owner) + "\"}");

    List<Finding> found = inspectModel();

    if (verdict == null) {
      assertThat(found).isEmpty();
      return;
    }
    String whose = creator == null ? "portage@example.com" : creator;
    assertThat(found).extracting(Finding::verdict).containsExactly(verdict);
    assertThat(found.getFirst().what()).isEqualTo("model prod.ml.churn for endpoint churn");
    assertThat(found.getFirst().text()).contains("EXECUTE on model prod.ml.churn").contains(whose);
    assertThat(found.getFirst().remedy())
        .endsWith("GRANT EXECUTE ON FUNCTION prod.ml.churn TO `" + whose + "`");
  }

  @Test
  void aModelThatIsStillToBeMadeAndACatalogThatTellsNothingAreNoFinding() {
    serves("3:100");
    now().put("permission_level", "CAN_MANAGE").put("creator", "portage@example.com");
    assertThat(inspectModel()).isEmpty();

    workspace.on("GET /api/2.1/unity-catalog/models/prod.ml.churn", "{\"owner\":\"somebody\"}");
    assertThat(inspectModel()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 | {"secrets":[{"key":"token"}]}  | OK   | churn/token can be read by portage@example.com                    | -
          200 | {"secrets":[{"key":"tokens"}]} | LACK | secret scope churn has no secret token; did you mean "tokens"?     | databricks secrets put-secret churn token
          200 | {}                             | LACK | secret scope churn has no secret token                            | Correct the reference in promotion.yaml
          404 | {"error_code":"RESOURCE_DOES_NOT_EXIST","message":"Scope churn does not exist!"} | LACK | there is no secret scope churn | databricks secrets create-scope churn
          403 | {"error_code":"PERMISSION_DENIED","message":"no READ"} | LACK | portage@example.com may not read secret scope churn | databricks secrets put-acl churn portage@example.com READ
          """)
  void aSecretOfTheServedModelIsLookedForBeforeAnythingStarts(
      int status, String body, Verdict verdict, String text, String remedy) {
    workspace.on("GET /api/2.0/secrets/list", call -> FakeWorkspace.json(status, body));

    Finding found =
        new DatabricksInspection(workspace.clients())
                .inspect(
                    WorkspaceNeeds.of("dev", List.of())
                        .model("churn")
                        .secrets(List.of("{{secrets/churn/token}}"))
                        .build())
                .findings()
                .stream()
                .filter(finding -> finding.what().equals("secrets of serve.environment"))
                .findFirst()
                .orElseThrow();

    assertThat(found.verdict()).isEqualTo(verdict);
    assertThat(found.text()).startsWith(text);
    if (verdict == Verdict.LACK) {
      assertThat(found.remedy()).contains(remedy);
    }
    assertThat(workspace.calls("GET /api/2.0/secrets/get")).isEmpty();
  }

  private static EndpointOrder order() {
    EndpointConfig wanted = new EndpointConfig(List.of(FOUR.at(100)));
    return new EndpointOrder(
        new EndpointQuery("dev", "churn", "churn"),
        wanted,
        FOUR,
        null,
        null,
        "promotion/churn/1",
        null);
  }

  private static ProbeOrder ask(boolean metrics) {
    return new ProbeOrder(
        "dev",
        "churn",
        "churn-4",
        null,
        null,
        List.of(new ServeCase("a", EndpointJson.parse("{\"inputs\":[1]}"), null, 0.0)),
        "promotion/churn/1",
        metrics);
  }

  private static String message(Runnable call) {
    String[] message = {""};
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.isNonRetryable()).isTrue();
              message[0] = Failures.problemOf(failure, "", "").message();
            });
    return message[0];
  }

  @ParameterizedTest
  @CsvSource({"GET", "PATCH", "PUT", "DELETE"})
  void aRefusedCallNamesThePermissionAndTheCommandForIt(String method) {
    serves("3:100");
    String path =
        switch (method) {
          case "PATCH" -> TAGS;
          case "PUT" -> PUT;
          case "DELETE" -> DELETE;
          default -> GET;
        };
    workspace.on(
        path, call -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no CAN_MANAGE on churn"));

    Runnable call =
        () ->
            endpoints.changeEndpoint(
                method.equals("DELETE")
                    ? new EndpointOrder(
                        new EndpointQuery("dev", "churn", "churn"),
                        EndpointConfig.NONE,
                        null,
                        null,
                        null,
                        "p",
                        null)
                    : order());

    assertThat(message(call))
        .contains("403 PERMISSION_DENIED: no CAN_MANAGE on churn")
        .contains("portage@example.com, whose login is kept at env:DEV_TOKEN, lacks CAN_MANAGE")
        .contains(BY_NAME);
    if (method.equals("GET")) {
      assertThat(message(() -> endpoints.findEndpoint(new EndpointQuery("dev", "churn", "churn"))))
          .contains(BY_NAME);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          User does not have permission to create endpoints         | may not create endpoints. For an admin of the workspace: databricks users patch 7
          User does not have EXECUTE on Routine or Model 'prod.ml.churn' | databricks grants update function prod.ml.churn --json '{"changes":[{"principal":"portage@example.com","add":["EXECUTE"]}]}'
          """)
  void aRefusedCreationNamesWhatIsMissing(String said, String remedy) {
    workspace.on(POST, call -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", said));

    assertThat(message(() -> endpoints.changeEndpoint(order())))
        .contains(remedy)
        .doesNotContain("It was deleted");
  }

  @Test
  void aRefusedUpdateOfAnotherOnesEndpointSaysWhoNeedsTheRight() {
    serves("3:100");
    workspace.on(
        PUT,
        call ->
            FakeWorkspace.refusal(
                403,
                "PERMISSION_DENIED",
                "User does not have EXECUTE on Routine or Model 'prod.ml.churn'"));

    assertThat(message(() -> endpoints.changeEndpoint(order())))
        .contains("databricks grants update function prod.ml.churn")
        .contains("loads models as whoever created it: if that is somebody else, it is that one");
  }

  @Test
  void aRefusedRequestToAVersionNamesCanQuery() {
    workspace.on(
        "POST /serving-endpoints/churn/served-models/churn-4/invocations",
        call -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no CAN_QUERY on churn"));

    assertThat(message(() -> endpoints.probe(ask(false))))
        .contains("no CAN_QUERY on churn")
        .contains("lacks CAN_QUERY")
        .contains(BY_NAME.replace("CAN_MANAGE", "CAN_QUERY"));
  }

  @Test
  void metricsThatMayNotBeReadSayHowToGrantIt() {
    workspace
        .on(
            "POST /serving-endpoints/churn/served-models/churn-4/invocations",
            "{\"predictions\":[1]}")
        .on(
            "GET " + ONE + "/metrics",
            call -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no"));

    MetricsSample metrics = Objects.requireNonNull(endpoints.probe(ask(true)).metrics());
    assertThat(metrics.requests()).isNull();
    assertThat(metrics.absent())
        .isEqualTo("the login may not read its metrics; to grant it: " + BY_NAME);
  }

  @Test
  void logsThatMayNotBeReadSayHowToGrantIt() {
    ends = "UPDATE_FAILED";
    EndpointOrder order = order();
    for (String log : List.of("build-logs", "logs")) {
      workspace.on(
          "GET " + ONE + "/served-models/churn-4/" + log,
          call -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no CAN_MANAGE"));
    }
    EndpointChanged changed = endpoints.changeEndpoint(order);
    assertThat(changed.outcome()).isEqualTo(EndpointChanged.Outcome.SENT);
    deployment("4", "DEPLOYMENT_FAILED", "it failed");

    EndpointReady ready =
        endpoints.awaitEndpoint(
            new EndpointWait(
                "dev",
                "churn",
                "churn",
                order.wanted(),
                null,
                waiting.now().plus(Duration.ofHours(1))));

    assertThat(ready.failed())
        .contains("Its build log can't be read: 403 PERMISSION_DENIED: no CAN_MANAGE")
        .contains("Its server log can't be read")
        .contains(BY_NAME);
  }
}
