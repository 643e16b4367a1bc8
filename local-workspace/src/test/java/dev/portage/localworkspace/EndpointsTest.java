package dev.portage.localworkspace;

import static dev.portage.localworkspace.ServingWorkspace.serving;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.serving.ServingSettings;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Serving endpoints come, answer, and go. */
class EndpointsTest extends EndpointScene {

  @Test
  void aNewEndpointIsPendingUntilItsEntityIsReady() throws Exception {
    servers.hold("1");

    JsonNode made = create(serving(1, 100));

    assertThat(state(made)).isEqualTo("NOT_READY IN_PROGRESS");
    assertThat(made.has("config")).isFalse();
    assertThat(states(made.path("pending_config"))).isEqualTo(Map.of("1", "DEPLOYMENT_CREATING"));
    assertThat(ask().statusCode()).isEqualTo(404);
    assertThat(ask().body())
        .contains("RESOURCE_DOES_NOT_EXIST", "The given endpoint does not exist");
    servers.release("1");
    JsonNode ready = settled();
    assertThat(state(ready)).isEqualTo("READY NOT_UPDATING");
    assertThat(ready.has("pending_config")).isFalse();
    assertThat(ready.at("/config/config_version").asInt()).isEqualTo(1);
    HttpResponse<String> answer = ask();
    assertThat(answer.body()).isEqualTo(predictions(1));
    assertThat(answer.headers().firstValue("served-model-name")).contains("tripler-1");
    assertThat(answer.headers().firstValue("databricks-request-id")).isPresent();
  }

  @Test
  void anEntityIsAskedByItsOwnAddressWhateverItsTraffic() throws Exception {
    create(serving(1, 100, 2, 0));
    settled();

    HttpResponse<String> answer =
        send("POST", "/serving-endpoints/churn/served-models/tripler-2/invocations", ANA, "{}");
    HttpResponse<String> none =
        send("POST", "/serving-endpoints/churn/served-models/tripler-9/invocations", ANA, "{}");

    assertThat(answer.body()).isEqualTo(predictions(2));
    assertThat(none.statusCode()).isEqualTo(404);
  }

  @Test
  void anEndpointThatIsDeletedWhileItsEntityStartsLeavesNothingBehind() throws Exception {
    servers.hold("1");
    create(serving(1, 100));

    json("DELETE", BASE + "/churn", null);

    await(() -> servers.running().isEmpty());
  }

  @Test
  void endpointsComeBackAfterARestartAlsoThoseThatWereBeingUpdated() throws Exception {
    JsonNode made =
        json(
            "POST",
            BASE,
            "{\"name\": \"churn\", \"tags\": [{\"key\": \"team\", \"value\": \"risk\"}], \"config\": "
                + serving(1, 60, 2, 40)
                + "}");
    settled();
    servers.hold("3");
    update(serving(1, 60, 3, 40));

    workspace.close();
    assertThat(servers.running()).isEmpty();
    servers.release("3");
    workspace = opened(ServingSettings.standard());
    JsonNode back = settled();

    assertThat(back.path("id")).isEqualTo(made.path("id"));
    assertThat(back.path("creation_timestamp")).isEqualTo(made.path("creation_timestamp"));
    assertThat(back.at("/tags/0/value").asText()).isEqualTo("risk");
    assertThat(back.at("/config/config_version").asInt()).isEqualTo(2);
    assertThat(ask(10)).isEqualTo(Map.of(predictions(1), 6, predictions(3), 4));
  }

  @Test
  void aDeletedEndpointStopsAndItsNameIsFree() throws Exception {
    create(serving(1, 100));
    settled();
    HttpResponse<String> taken =
        send("POST", BASE, ANA, "{\"name\": \"churn\", \"config\": " + serving(2, 100) + "}");
    assertThat(taken.statusCode()).isEqualTo(409);
    assertThat(taken.body()).contains("RESOURCE_ALREADY_EXISTS", "'churn' already exists");

    json("DELETE", BASE + "/churn", null);

    assertThat(servers.running()).isEmpty();
    assertThat(send("GET", BASE + "/churn", ANA, null).statusCode()).isEqualTo(404);
    assertThat(ask().statusCode()).isEqualTo(404);
    create(serving(2, 100));
    settled();
    assertThat(ask().body()).isEqualTo(predictions(2));
  }
}
