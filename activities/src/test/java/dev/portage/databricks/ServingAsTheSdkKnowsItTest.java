package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.serving.CreateServingEndpoint;
import com.databricks.sdk.service.serving.EndpointCoreConfigInput;
import com.databricks.sdk.service.serving.EndpointStateConfigUpdate;
import com.databricks.sdk.service.serving.PatchServingEndpointTags;
import com.databricks.sdk.service.serving.ServedEntityInput;
import com.databricks.sdk.service.serving.ServedModelStateDeployment;
import com.databricks.sdk.service.serving.ServingEndpointDetailedPermissionLevel;
import com.databricks.sdk.service.serving.ServingModelWorkloadType;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopy;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointWait;
import dev.portage.serving.NewVersion;
import dev.portage.serving.StoredEndpoint;
import dev.portage.settings.ServeSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is sent about endpoints, read by the types of Databricks' own SDK; and all of its words. */
class ServingAsTheSdkKnowsItTest extends EndpointWorld {

  /** Refuses a field that a type doesn't have, and a word that an enum doesn't. */
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private static NewVersion four(ServeSettings.Size size) {
    return new NewVersion(
        "churn-4", "prod.ml.churn", "4", size, true, Map.of("TOKEN", "{{secrets/churn/token}}"));
  }

  private static EndpointOrder order(EndpointConfig wanted, ServeSettings.Size size) {
    return new EndpointOrder(
        new EndpointQuery("dev", "churn", "churn"),
        wanted,
        four(size),
        null,
        null,
        "promotion/churn/1",
        null);
  }

  /** Nothing of it is lost. */
  private static <T> T read(JsonNode sent, Class<T> type) throws IOException {
    T read = STRICT.treeToValue(sent, type);
    assertThat(STRICT.readTree(STRICT.writeValueAsString(read)))
        .isEqualTo(STRICT.readTree(sent.toString()));
    return read;
  }

  private EndpointConfig served() {
    return endpoints
        .findEndpoint(new EndpointQuery("dev", "churn", "churn"))
        .orElseThrow()
        .config();
  }

  private void settle(EndpointConfig wanted) {
    endpoints.awaitEndpoint(
        new EndpointWait(
            "dev", "churn", "churn", wanted, null, waiting.now().plus(Duration.ofHours(1))));
  }

  @Test
  void aCreationAnUpdateAndTagsAreWhatTheSdkWouldSend() throws IOException {
    EndpointConfig created =
        new EndpointConfig(List.of(four(ServeSettings.Size.GPU_LARGE).at(100)));
    endpoints.changeEndpoint(order(created, ServeSettings.Size.GPU_LARGE));
    settle(created);
    now().withArray("/tags").removeAll();
    tag(now(), "portage_model", "churn");
    NewVersion five =
        new NewVersion("churn-5", "prod.ml.churn", "5", ServeSettings.Size.SMALL, false, Map.of());
    endpoints.changeEndpoint(
        new EndpointOrder(
            new EndpointQuery("dev", "churn", "churn"),
            served().giving(five.at(5), 5),
            five,
            null,
            null,
            "promotion/churn/2",
            null));

    ServedEntityInput first =
        Objects.requireNonNull(
                read(sent.getFirst(), CreateServingEndpoint.class).getConfig().getServedEntities())
            .iterator()
            .next();
    assertThat(first.getWorkloadType()).isEqualTo(ServingModelWorkloadType.GPU_LARGE);
    assertThat(first.getWorkloadSize()).isEqualTo("Small");
    EndpointCoreConfigInput update = read(sent.getLast(), EndpointCoreConfigInput.class);
    assertThat(update.getServedEntities())
        .extracting(ServedEntityInput::getWorkloadType)
        .containsExactly(ServingModelWorkloadType.GPU_LARGE, null);
    read(workspace.calls(TAGS).getFirst().body(), PatchServingEndpointTags.class);
  }

  /** An update without it would end the recording, as Databricks' own test server has it. */
  @Test
  void anInferenceTableGoesOnThroughUpdatesAndIsStored() throws IOException {
    serves("3:100");
    ((ObjectNode) now().path("config"))
        .putObject("auto_capture_config")
        .put("catalog_name", "prod")
        .put("schema_name", "ml")
        .put("table_name_prefix", "churn")
        .put("enabled", true)
        .putObject("state")
        .putObject("payload_table")
        .put("name", "churn_payload");
    StoredEndpoint copy = endpoints.storeEndpoint(new EndpointCopy("dev", "churn", "churn", "k"));

    endpoints.changeEndpoint(
        order(served().giving(four(ServeSettings.Size.SMALL).at(0), 0), ServeSettings.Size.SMALL));

    EndpointCoreConfigInput update = read(sent.getFirst(), EndpointCoreConfigInput.class);
    assertThat(update.getAutoCaptureConfig().getTableNamePrefix()).isEqualTo("churn");
    assertThat(update.getAutoCaptureConfig().getEnabled()).isTrue();
    String uri = Objects.requireNonNull(copy.settings()).uri();
    read(
        EndpointJson.parse(Objects.requireNonNull(stored.get(uri))), EndpointCoreConfigInput.class);

    endpoint = null;
    endpoints.changeEndpoint(
        new EndpointOrder(
            new EndpointQuery("dev", "churn", "churn"),
            copy.config(),
            null,
            copy.settings(),
            null,
            "p",
            null));
    assertThat(sent.getLast().at("/config/auto_capture_config/catalog_name").asText())
        .isEqualTo("prod");
  }

  @Test
  void aModelOfElsewhereBesideItKeepsItsSettingsAndIsReadyByTheEndpointsWord() throws IOException {
    serves("3:100");
    ObjectNode other =
        now().withArray("/config/served_entities").addObject().put("name", "of-elsewhere");
    other
        .putObject("external_model")
        .put("name", "gpt-4o")
        .put("provider", "openai")
        .put("task", "llm/v1/chat")
        .putObject("openai_config")
        .put("openai_api_key", "{{secrets/ai/key}}");
    now()
        .withArray("/config/traffic_config/routes")
        .addObject()
        .put("served_model_name", "of-elsewhere")
        .put("traffic_percentage", 0);

    EndpointConfig wanted = served().giving(four(ServeSettings.Size.SMALL).at(0), 0);
    endpoints.changeEndpoint(order(wanted, ServeSettings.Size.SMALL));

    EndpointCoreConfigInput update = read(sent.getFirst(), EndpointCoreConfigInput.class);
    ServedEntityInput kept =
        update.getServedEntities().stream()
            .filter(entity -> entity.getName().equals("of-elsewhere"))
            .findFirst()
            .orElseThrow();
    assertThat(kept.getEntityName()).isNull();
    assertThat(kept.getExternalModel().getOpenaiConfig().getOpenaiApiKey())
        .isEqualTo("{{secrets/ai/key}}");
  }

  @Test
  void everySizeIsAKindOfMachineThatTheSdkKnows() {
    assertThat(words(ServingModelWorkloadType.values()))
        .containsAll(
            Arrays.stream(ServeSettings.Size.values()).map(ServeSettings.Size::type).toList());
  }

  @Test
  void everyStateThatTheSdkKnowsIsOneThatEndsAWaitOrGoesOn() {
    assertThat(words(EndpointStateConfigUpdate.values()))
        .containsExactlyInAnyOrder(
            "IN_PROGRESS", "NOT_UPDATING", "UPDATE_FAILED", "UPDATE_CANCELED");
    assertThat(words(ServedModelStateDeployment.values()))
        .containsExactlyInAnyOrder(
            "DEPLOYMENT_ABORTED",
            "DEPLOYMENT_CREATING",
            "DEPLOYMENT_FAILED",
            "DEPLOYMENT_READY",
            "DEPLOYMENT_RECOVERING");
    assertThat(words(ServingEndpointDetailedPermissionLevel.values()))
        .containsExactlyInAnyOrder("CAN_MANAGE", "CAN_QUERY", "CAN_VIEW");
  }

  private static List<String> words(Object[] values) {
    return Arrays.stream(values).map(Object::toString).toList();
  }
}
