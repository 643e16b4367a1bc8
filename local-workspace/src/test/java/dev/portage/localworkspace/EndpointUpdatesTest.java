package dev.portage.localworkspace;

import static dev.portage.localworkspace.ServingWorkspace.serving;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFault;
import dev.portage.localworkspace.serving.ServingSettings;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An update of an endpoint: what serves meanwhile, and after one that failed. */
class EndpointUpdatesTest extends EndpointScene {

  @Test
  void anUpdateKeepsTheOldConfigurationServingAndIsTheOnlyOne() throws Exception {
    create(serving(1, 100));
    settled();
    servers.hold("2");
    JsonNode updating = update(serving(2, 100));

    assertThat(state(updating)).isEqualTo("READY IN_PROGRESS");
    assertThat(states(updating.path("config"))).isEqualTo(Map.of("1", "DEPLOYMENT_READY"));
    assertThat(states(updating.path("pending_config")))
        .isEqualTo(Map.of("2", "DEPLOYMENT_CREATING"));
    assertThat(ask().body()).isEqualTo(predictions(1));
    HttpResponse<String> second = send("PUT", BASE + "/churn/config", ANA, serving(3, 100));
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("RESOURCE_CONFLICT", "currently updating");
    servers.release("2");
    assertThat(settled().at("/config/config_version").asInt()).isEqualTo(2);
    assertThat(ask().body()).isEqualTo(predictions(2));
    await(() -> servers.running().size() == 1);
  }

  @Test
  void trafficIsSharedExactlyAsTold() throws Exception {
    create(serving(1, 75, 2, 25));
    settled();

    assertThat(ask(100)).isEqualTo(Map.of(predictions(1), 75, predictions(2), 25));
  }

  @Test
  void aMoveOfTrafficAloneStartsNothingAndNeedsNoEntities() throws Exception {
    create(serving(1, 100, 2, 0));
    settled();
    assertThat(ask(20)).isEqualTo(Map.of(predictions(1), 20));

    update(
        """
        {"traffic_config": {"routes": [
          {"served_model_name": "tripler-1", "traffic_percentage": 50},
          {"served_entity_name": "tripler-2", "traffic_percentage": 50}]}}
        """);
    JsonNode moved = settled();

    assertThat(servers.starts()).isEqualTo(2);
    assertThat(states(moved.path("config")).keySet()).containsExactly("1", "2");
    assertThat(ask(20)).isEqualTo(Map.of(predictions(1), 10, predictions(2), 10));
  }

  @Test
  void noRequestIsLostOverManyChangesUnderLoad() throws Exception {
    servers.slow(Duration.ofMillis(20));
    create(serving(1, 100));
    settled();
    try (Load load = load(16)) {
      load.await(20);
      for (String next :
          List.of(
              serving(1, 100, 2, 0),
              serving(1, 90, 2, 10),
              serving(1, 50, 2, 50),
              serving(2, 100, 1, 0),
              serving(2, 100),
              serving(3, 100),
              serving(1, 100))) {
        update(next);
        assertThat(state(settled())).isEqualTo("READY NOT_UPDATING");
        load.await(60);
      }
      load.end();
      assertThat(load.failures()).isEmpty();
      assertThat(load.answers()).containsKeys(predictions(1), predictions(2), predictions(3));
    }
    await(() -> servers.running().size() == 1);
  }

  @ParameterizedTest
  @CsvSource({
    "BUILD, DEPLOYMENT_FAILED, build logs",
    "MEMORY, DEPLOYMENT_FAILED, out of memory",
    "NEVER, DEPLOYMENT_ABORTED, timed out"
  })
  void whatCantStartFailsTheUpdateAndTheOldOneGoesOn(String fault, String deployment, String why)
      throws Exception {
    reopen(ServingSettings.standard().withStartLimit(Duration.ofMillis(500)));
    create(serving(1, 100));
    settled();
    workspace
        .servingFaults()
        .add(
            ServingFault.always(
                "tripler/2",
                switch (fault) {
                  case "BUILD" -> new ServingEffect.BuildFails();
                  case "MEMORY" -> new ServingEffect.OutOfMemory();
                  default -> new ServingEffect.NeverReady();
                }));

    update(serving(1, 50, 2, 50));
    JsonNode failed = settled();

    assertThat(state(failed)).isEqualTo("READY UPDATE_FAILED");
    assertThat(states(failed.path("config"))).isEqualTo(Map.of("1", "DEPLOYMENT_READY"));
    assertThat(states(failed.path("pending_config")))
        .isEqualTo(Map.of("1", "DEPLOYMENT_READY", "2", deployment));
    assertThat(
            failed.at("/pending_config/served_entities/1/state/deployment_state_message").asText())
        .contains(why);
    assertThat(ask(10)).isEqualTo(Map.of(predictions(1), 10));
    assertThat(
            json("GET", BASE + "/churn/served-models/tripler-2/build-logs", null)
                .path("logs")
                .asText())
        .contains("built tripler/2");
    await(() -> servers.running().size() == 1);
    workspace.servingFaults().clear();
    update(serving(2, 100));
    assertThat(state(settled())).isEqualTo("READY NOT_UPDATING");
  }

  @Test
  void theFirstFailureAbortsTheRest() throws Exception {
    servers.hold("3");
    workspace.servingFaults().add(ServingFault.always("tripler/2", new ServingEffect.BuildFails()));

    create(serving(2, 50, 3, 50));
    JsonNode failed = settled();

    assertThat(state(failed)).isEqualTo("NOT_READY UPDATE_FAILED");
    await(() -> servers.running().isEmpty());
    assertThat(states(get().path("pending_config")))
        .isEqualTo(Map.of("2", "DEPLOYMENT_FAILED", "3", "DEPLOYMENT_ABORTED"));
  }

  @Test
  void anUpdateCanBeCanceled() throws Exception {
    create(serving(1, 100));
    settled();
    servers.hold("2");
    update(serving(2, 100));

    assertThat(workspace.endpoints().cancelUpdate("churn")).isTrue();

    JsonNode canceled = get();
    assertThat(state(canceled)).isEqualTo("READY UPDATE_CANCELED");
    assertThat(states(canceled.path("pending_config")))
        .isEqualTo(Map.of("2", "DEPLOYMENT_ABORTED"));
    assertThat(ask().body()).isEqualTo(predictions(1));
    assertThat(workspace.endpoints().cancelUpdate("churn")).isFalse();
  }
}
