package dev.portage.localworkspace;

import static dev.portage.localworkspace.ServingWorkspace.serving;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an endpoint refuses: configurations, logins, and calls that are not rehearsed. */
class EndpointRefusalsTest extends EndpointScene {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'Small'    | 'Tiny'                                | Invalid workload_size 'Tiny'",
        "'Small'    | 'Small', 'workload_type': 'GPU_SMALL' | type 'GPU_SMALL' with size 'Small' is not supported",
        "'Small'    | 'Small', 'workload_type': 'GPU_HUGE'  | GPU_XLARGE",
        "'Small'    | 'Small', 'max_provisioned_concurrency': 8 | both workload_size and provisioned",
        "entity_version | entity_versoin | Unknown field",
        ": 100}     | : 90}                                 | must sum to 100, not 90",
        ": 100}     | : 101}                                | must be between 0 and 100",
        ": 100}     | : 99.5}                               | must be a whole number",
        "e': 'tripler-1' | e': 'tripler-2'                  | which is not a served entity",
        "'1'        | '9'                                   | Version 9 of model 'tripler' does not exist",
        "'1'        | '8'                                   | not READY but PENDING_REGISTRATION",
        "'1'        | 'one'                                 | a version of the model",
        "'Small'    | 'Small', 'name': 'a b'                | alphanumeric",
        "'Small'    | 'Small', 'environment_vars': {'a-b': 'c'} | no name of an environment variable",
        "'traffic   | 'auto_capture_config': {}, 'traffic   | not supported by a local workspace",
        "'Small'    | 'Small', 'external_model': {}         | not supported by a local workspace",
      })
  void aWrongConfigurationMakesNoEndpoint(String right, String wrong, String why) throws Exception {
    String good = serving(1, 100).replace('"', '\'');
    String bad = good.replace(right.strip(), wrong.strip());
    assertThat(bad).isNotEqualTo(good);

    HttpResponse<String> refused =
        send("POST", BASE, ANA, ("{'name': 'churn', 'config': " + bad + "}").replace('\'', '"'));

    assertThat(refused.statusCode()).as(refused.body()).isIn(400, 404);
    assertThat(refused.body()).contains(why);
    assertThat(json("GET", BASE, null).path("endpoints")).isEmpty();
    assertThat(servers.starts()).isZero();
  }

  @Test
  void anEntityHasAtMostThirtyVariables() throws Exception {
    for (int number : new int[] {30, 31}) {
      String variables =
          IntStream.range(0, number)
              .mapToObj(i -> "\"V" + i + "\": \"x\"")
              .collect(Collectors.joining(", ", "\"environment_vars\": {", "}, "));
      HttpResponse<String> answer =
          send(
              "POST",
              BASE,
              ANA,
              "{\"name\": \"with-"
                  + number
                  + "\", \"config\": "
                  + serving(1, 100).replace("\"workload_size\"", variables + "\"workload_size\"")
                  + "}");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(number == 30 ? 200 : 400);
    }
  }

  @ParameterizedTest
  @CsvSource({"databricks-churn", "'a churn'", "ünder", "''"})
  void aNameThatNoEndpointCanHaveIsRefused(String name) throws Exception {
    HttpResponse<String> refused =
        send(
            "POST", BASE, ANA, "{\"name\": \"" + name + "\", \"config\": " + serving(1, 100) + "}");

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body()).contains("INVALID_PARAMETER_VALUE", "name");
    assertThat(servers.starts()).isZero();
  }

  @Test
  void moreThanOneEntityNeedsRoutesToEach() throws Exception {
    String config = serving(1, 50, 2, 50);
    String without = config.substring(0, config.indexOf(", \"traffic_config\"")) + "}";
    String one =
        without.substring(0, without.length() - 1)
            + ", \"traffic_config\": {\"routes\": [{\"served_entity_name\": \"tripler-1\","
            + " \"traffic_percentage\": 100}]}}";
    for (Map.Entry<String, String> each :
        Map.of(
                without, "must be specified when there is more than one",
                one, "no route to served entity 'tripler-2'")
            .entrySet()) {
      HttpResponse<String> refused =
          send("POST", BASE, ANA, "{\"name\": \"churn\", \"config\": " + each.getKey() + "}");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains(each.getValue());
    }
  }

  @Test
  void whatALoginMayDoDependsOnTheEndpointsPermissions() throws Exception {
    JsonNode made = create(serving(1, 100));
    settled();
    String permissions = "/api/2.0/permissions/serving-endpoints/" + made.path("id").asText();

    assertThat(send("POST", BASE, VERA, "{\"name\": \"other\"}").statusCode()).isEqualTo(403);
    assertThat(may(VERA)).isEqualTo("403 403 403");
    assertThat(send("GET", BASE, VERA, null).body()).isEqualTo("{\"endpoints\":[]}");
    for (Map.Entry<String, String> each :
        new TreeMap<>(
                Map.of(
                    "CAN_VIEW", "200 403 403",
                    "CAN_QUERY", "200 200 403",
                    "CAN_MANAGE", "200 200 200"))
            .entrySet()) {
      json(
          "PATCH",
          permissions,
          "{\"access_control_list\": [{\"user_name\": \"vera@example.com\", \"permission_level\": \""
              + each.getKey()
              + "\"}]}");
      assertThat(may(VERA)).as(each.getKey()).isEqualTo(each.getValue());
    }
    assertThat(send("GET", permissions, MAX, null).statusCode()).isEqualTo(403);
    assertThat(send("POST", BASE, MAX, "{\"name\": \"of-max\"}").statusCode()).isEqualTo(200);
    assertThat(send("DELETE", BASE + "/of-max", VERA, null).statusCode()).isEqualTo(403);
    assertThat(send("DELETE", BASE + "/of-max", MAX, null).statusCode()).isEqualTo(200);
  }

  private String may(String token) throws IOException, InterruptedException {
    return send("GET", BASE + "/churn", token, null).statusCode()
        + " "
        + send("POST", "/serving-endpoints/churn/invocations", token, "{}").statusCode()
        + " "
        + send("PATCH", BASE + "/churn/tags", token, "{}").statusCode();
  }

  @Test
  void whatALocalWorkspaceLacksIsRefusedByName() throws Exception {
    create(serving(1, 100));
    settled();
    for (String call :
        List.of(
            "PUT " + BASE + "/churn/rate-limits",
            "PUT " + BASE + "/churn/ai-gateway",
            "PATCH " + BASE + "/churn/telemetry-config",
            "GET " + BASE + "/churn/openapi")) {
      String[] parts = call.split(" ", 2);
      HttpResponse<String> refused = send(parts[0], parts[1], ANA, "{}");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("exists on Databricks but is not supported");
    }
  }
}
