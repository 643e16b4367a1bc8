package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.compute.ComputeSettings;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.Failures;
import dev.portage.http.BearerToken;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.serving.EndpointChanged.Outcome;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopy;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointState;
import dev.portage.serving.EndpointWait;
import dev.portage.serving.NewVersion;
import dev.portage.serving.StoredEndpoint;
import dev.portage.settings.ServeSettings;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Our calls about endpoints against Databricks' own test server ({@code libs/testserver} of
 * databricks/cli), whose types and refusals are not ours. It runs beside this test, by hand: see
 * docs/compatibility.md. It has no states of versions, no logs, no metrics and no answers.
 */
@EnabledIfEnvironmentVariable(
    named = "PORTAGE_TESTSERVER",
    matches = "http://127\\.0\\.0\\.1:.*",
    disabledReason = "PORTAGE_TESTSERVER is not the address of Databricks' test server")
class JudgedEndpointsTest {
  private static final String HOLDER = "promotion/churn/0123456789ab";

  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());

  @AutoClose
  private final LossyWay way = LossyWay.to(URI.create(System.getenv("PORTAGE_TESTSERVER") + "/"));

  private final String name = "churn-" + UUID.randomUUID().toString().substring(0, 8);
  private final Map<String, String> stored = new HashMap<>();
  private final FakeWait waiting = new FakeWait();
  private final DatabricksClients clients =
      new DatabricksClients(
          workspace ->
              new DatabricksWorkspace(
                  workspace,
                  way.address(),
                  new BearerToken("env:DEV_TOKEN", () -> "dbapi0dev0000000001"),
                  Map.of(ComputeSettings.DEFAULT, ComputeSettings.serverless()),
                  null),
          http.rest());
  private final DatabricksApi api = clients.of("dev");
  private final ServingEndpoints endpoints =
      new ServingEndpoints(clients, new Store(), model -> Optional.empty(), waiting);

  private final class Store implements UndoStore {
    @Override
    public String put(String workspaceName, String key, String json) {
      stored.put(key, json);
      return key;
    }

    @Override
    public DuplicatesRemoved settle(String workspaceName, String key, @Nullable String uri) {
      return DuplicatesRemoved.nothing();
    }

    @Override
    public Optional<String> find(String workspaceName, String key) {
      return Optional.ofNullable(stored.get(key));
    }

    @Override
    public String get(String workspaceName, String uri) {
      return String.valueOf(stored.get(uri));
    }
  }

  private static NewVersion version(String number, ServeSettings.Size size) {
    return new NewVersion(
        "churn-" + number,
        "prod.ml.churn",
        number,
        size,
        false,
        Map.of("TOKEN", "{{secrets/churn/token}}"));
  }

  private Optional<EndpointState> found() {
    return endpoints.findEndpoint(new EndpointQuery("dev", name, "churn"));
  }

  private Outcome order(EndpointConfig wanted, @Nullable NewVersion added) {
    return endpoints
        .changeEndpoint(
            new EndpointOrder(
                new EndpointQuery("dev", name, "churn"), wanted, added, null, null, HOLDER, null))
        .outcome();
  }

  private JsonNode raw() {
    return api.read("/api/2.0/serving-endpoints/" + name, Map.of());
  }

  @Test
  void aWholeCutoverAndItsWayBackIsTakenAsItIsMeant() {
    NewVersion three = version("3", ServeSettings.Size.GPU_SMALL);
    EndpointConfig first = new EndpointConfig(List.of(three.at(100)));
    assertThat(found()).isEmpty();
    assertThat(order(first, three)).isEqualTo(Outcome.SENT);
    EndpointState created = found().orElseThrow();
    assertThat(created.config().isLike(first)).isTrue();
    assertThat(created.pending()).isNull();
    assertThat(created.promotion()).isEqualTo(CloudTag.value(HOLDER));
    assertThat(order(first, three)).isEqualTo(Outcome.UNCHANGED);
    JsonNode entity = raw().at("/config/served_entities/0");
    assertThat(entity.path("workload_type").asText()).isEqualTo("GPU_SMALL");
    assertThat(entity.at("/environment_vars/TOKEN").asText()).isEqualTo("{{secrets/churn/token}}");

    StoredEndpoint before = endpoints.storeEndpoint(new EndpointCopy("dev", name, "churn", "k"));
    NewVersion four = version("4", ServeSettings.Size.MEDIUM);
    for (int percent : new int[] {0, 5, 25, 50, 100}) {
      EndpointConfig wanted = found().orElseThrow().config().giving(four.at(percent), percent);
      assertThat(order(wanted, four)).isEqualTo(Outcome.SENT);
      assertThat(found().orElseThrow().config().isLike(wanted)).isTrue();
      assertThat(order(wanted, four)).as("repeated").isEqualTo(Outcome.UNCHANGED);
    }
    assertThat(raw().at("/config/served_entities/0/workload_type").asText()).isEqualTo("GPU_SMALL");

    assertThat(
            endpoints
                .changeEndpoint(
                    new EndpointOrder(
                        new EndpointQuery("dev", name, "churn"),
                        before.config(),
                        null,
                        before.settings(),
                        List.of(found().orElseThrow().config()),
                        HOLDER,
                        null))
                .outcome())
        .isEqualTo(Outcome.SENT);
    assertThat(found().orElseThrow().config()).isEqualTo(before.config());

    assertThat(order(EndpointConfig.NONE, null)).isEqualTo(Outcome.SENT);
    assertThat(order(EndpointConfig.NONE, null)).isEqualTo(Outcome.UNCHANGED);
    assertThat(found()).isEmpty();
  }

  @Test
  void aCreationWhoseAnswerIsLostIsFoundDoneAndAsOurs() {
    NewVersion three = version("3", ServeSettings.Size.SMALL);
    EndpointConfig wanted = new EndpointConfig(List.of(three.at(100)));
    way.loses("POST", "/api/2.0/serving-endpoints");

    assertThatThrownBy(() -> order(wanted, three)).isInstanceOf(ApplicationFailure.class);

    assertThat(order(wanted, three)).isEqualTo(Outcome.UNCHANGED);
    assertThat(found().orElseThrow().promotion()).isEqualTo(CloudTag.value(HOLDER));
    assertThat(way.forwarded("POST", "/api/2.0/serving-endpoints")).isEqualTo(1);
  }

  @Test
  void anUpdateWhoseAnswerIsLostIsSentOnce() {
    NewVersion three = version("3", ServeSettings.Size.SMALL);
    order(new EndpointConfig(List.of(three.at(100))), three);
    NewVersion four = version("4", ServeSettings.Size.SMALL);
    EndpointConfig wanted = found().orElseThrow().config().giving(four.at(0), 0);
    String update = "/api/2.0/serving-endpoints/" + name + "/config";
    way.loses("PUT", update);

    assertThatThrownBy(() -> order(wanted, four)).isInstanceOf(ApplicationFailure.class);

    assertThat(order(wanted, four)).isEqualTo(Outcome.UNCHANGED);
    assertThat(way.forwarded("PUT", update)).isEqualTo(1);
    assertThat(found().orElseThrow().config().isLike(wanted)).isTrue();
  }

  /** One that began after we looked, as the test server refuses it for other settings. */
  @Test
  void anUpdateThatMeetsAnotherOneIsSentOnceThatHasEnded() {
    NewVersion three = version("3", ServeSettings.Size.SMALL);
    order(new EndpointConfig(List.of(three.at(100))), three);
    NewVersion four = version("4", ServeSettings.Size.SMALL);
    EndpointConfig wanted = found().orElseThrow().config().giving(four.at(0), 0);
    way.answersOnce(
        "PUT",
        "/api/2.0/serving-endpoints/" + name + "/config",
        409,
        "{\"error_code\":\"RESOURCE_CONFLICT\",\"message\":\"Endpoint "
            + name
            + " is currently updating.\"}");

    assertThatThrownBy(() -> order(wanted, four))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> assertThat(failure.isNonRetryable()).as("is retried").isFalse());

    assertThat(order(wanted, four)).isEqualTo(Outcome.SENT);
  }

  @Test
  void aRemovalWhoseAnswerIsLostIsFoundDone() {
    NewVersion three = version("3", ServeSettings.Size.SMALL);
    order(new EndpointConfig(List.of(three.at(100))), three);
    way.loses("DELETE", "/api/2.0/serving-endpoints/" + name);

    assertThatThrownBy(() -> order(EndpointConfig.NONE, null))
        .isInstanceOf(ApplicationFailure.class);

    assertThat(order(EndpointConfig.NONE, null)).isEqualTo(Outcome.UNCHANGED);
    assertThat(found()).isEmpty();
  }

  /** While we looked there was none: the workspace says that the name is taken by now. */
  @Test
  void aNameThatIsTakenMeanwhileIsLookedAtAgainAndRefusedAsSomebodyElses() {
    way.answersOnce("GET", "/api/2.0/serving-endpoints/" + name, 404, "{\"message\":\"none\"}");
    api.send("/api/2.0/serving-endpoints", JsonNodeFactory.instance.objectNode().put("name", name));
    NewVersion three = version("3", ServeSettings.Size.SMALL);
    EndpointConfig wanted = new EndpointConfig(List.of(three.at(100)));

    assertThatThrownBy(() -> order(wanted, three))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> assertThat(failure.isNonRetryable()).as("is retried").isFalse())
        .hasMessageContaining("it was created meanwhile");
    assertThatThrownBy(() -> order(wanted, three))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> assertThat(failure.isNonRetryable()).as("is retried").isTrue())
        .hasMessageContaining("which no promotion created");
  }

  @Test
  void anUpdateThatIsUnderWayIsPendingForAllWhoLook() {
    NewVersion three = version("3", ServeSettings.Size.SMALL);
    order(new EndpointConfig(List.of(three.at(100))), three);
    EndpointConfig wanted =
        new EndpointConfig(List.of(three.at(50), version("4", ServeSettings.Size.SMALL).at(50)));

    api.send(
        "PUT",
        "/api/2.0/serving-endpoints/" + name + "/config",
        Objects.requireNonNull(
            EndpointJson.body(
                wanted, null, raw().path("config"), version("4", ServeSettings.Size.SMALL))));

    EndpointConfig pending = Objects.requireNonNull(found().orElseThrow().pending());
    assertThat(pending.isLike(wanted)).isTrue();
    assertThat(found().orElseThrow().pending()).as("it ends with the first look").isNull();
  }

  /** Its update without an inference table ends the recording. */
  @Test
  void whatPeopleSetOfAnEndpointGoesOn() {
    NewVersion three = version("3", ServeSettings.Size.SMALL);
    ObjectNode made = JsonNodeFactory.instance.objectNode().put("name", name);
    ObjectNode config =
        Objects.requireNonNull(
            EndpointJson.body(
                new EndpointConfig(List.of(three.at(100))),
                null,
                JsonNodeFactory.instance.objectNode(),
                three));
    config
        .putObject("auto_capture_config")
        .put("catalog_name", "prod")
        .put("schema_name", "ml")
        .put("table_name_prefix", "churn")
        .put("enabled", true);
    made.set("config", config);
    made.put("description", "Churn of private customers");
    made.putArray("tags").addObject().put("key", "portage_model").put("value", "churn");
    api.send("/api/2.0/serving-endpoints", made);

    NewVersion four = version("4", ServeSettings.Size.SMALL);
    order(found().orElseThrow().config().giving(four.at(5), 5), four);

    JsonNode now = raw();
    assertThat(now.at("/config/auto_capture_config/table_name_prefix").asText()).isEqualTo("churn");
    assertThat(now.at("/config/auto_capture_config/enabled").asBoolean()).isTrue();
    assertThat(now.path("description").asText()).isEqualTo("Churn of private customers");
    assertThat(EndpointTags.all(now))
        .containsEntry("portage_model", "churn")
        .containsEntry("portage_promotion", CloudTag.value(HOLDER));
  }

  @Test
  void anEndpointOfSomebodyElseIsRefusedWithTheCommand() {
    api.send("/api/2.0/serving-endpoints", JsonNodeFactory.instance.objectNode().put("name", name));

    assertThatThrownBy(this::found)
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure ->
                assertThat(Failures.problemOf(failure, "", "").message())
                    .contains("which no promotion created")
                    .contains("portage adopt churn --workspace dev --endpoint " + name));
  }

  /** It never says that a version is ready, so the wait ends with its time. */
  @Test
  void aWaitEndsWithItsTimeWhereNoStateIsKnown() {
    NewVersion three = version("3", ServeSettings.Size.SMALL);
    EndpointConfig wanted = new EndpointConfig(List.of(three.at(100)));
    order(wanted, three);

    assertThat(
            endpoints
                .awaitEndpoint(
                    new EndpointWait(
                        "dev",
                        name,
                        "churn",
                        wanted,
                        null,
                        waiting.now().plus(Duration.ofMinutes(5))))
                .failed())
        .startsWith("it is not ready yet: NOT_UPDATING churn-3");
  }

  @Test
  void theRightToCreateOneIsProbedAndNothingIsLeft() {
    EndpointRights rights = new EndpointRights(api, new Me("7", "portage@example.com"));

    assertThat(rights.of(name, "prod.ml.churn"))
        .allMatch(found -> List.of(Verdict.OK, Verdict.NOTE).contains(found.verdict()));
    assertThat(
            api.probe("look", "GET", "/api/2.0/serving-endpoints/portage%20preflight", null)
                .status())
        .isEqualTo(404);
    NewVersion three = version("3", ServeSettings.Size.SMALL);
    order(new EndpointConfig(List.of(three.at(100))), three);
    assertThat(rights.of(name, "prod.ml.churn"))
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK);
    assertThat(rights.look()).isNotEmpty();
  }
}
