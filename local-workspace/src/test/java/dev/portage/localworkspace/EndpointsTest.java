package dev.portage.localworkspace;

import static dev.portage.localworkspace.ServingWorkspace.serving;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFault;
import dev.portage.localworkspace.git.Checkouts;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.serving.ServingSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Serving endpoints over servers that the test controls. */
class EndpointsTest {
  private static final String ANA = "token-of-ana";
  private static final String VERA = "token-of-vera";
  private static final String MAX = "token-of-max";
  private static final String BASE = "/api/2.0/serving-endpoints";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final FakeServers servers = new FakeServers();
  private FakeTracking tracking;
  private LocalWorkspace workspace;

  @BeforeEach
  void start() throws IOException {
    tracking = new FakeTracking();
    workspace = opened(ServingSettings.standard().withMetricsAfter(Duration.ZERO));
  }

  @AfterEach
  void stop() {
    http.close();
    workspace.close();
    tracking.close();
    assertThat(servers.running()).isEmpty();
  }

  private LocalWorkspace opened(ServingSettings settings) throws IOException {
    return LocalWorkspace.start(
        LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"))
            .mlflow(tracking.url())
            .token(Token.of(ANA, "ana@example.com", EnumSet.allOf(Right.class)))
            .token(Token.of(MAX, "max@example.com", EnumSet.of(Right.SERVING_CREATE)))
            .token(Token.of(VERA, "vera@example.com", EnumSet.of(Right.REGISTRY_READ)))
            .serving(settings)
            .build(),
        new FakeRunner(),
        servers,
        Checkouts.empty());
  }

  private void reopen(ServingSettings settings) throws IOException {
    workspace.close();
    workspace = opened(settings);
  }

  private HttpResponse<String> send(String method, String path, String token, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(workspace.host() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private JsonNode json(String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = send(method, path, ANA, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode create(String config) throws IOException, InterruptedException {
    return json("POST", BASE, "{\"name\": \"churn\", \"config\": " + config + "}");
  }

  private JsonNode update(String config) throws IOException, InterruptedException {
    return json("PUT", BASE + "/churn/config", config);
  }

  private JsonNode get() throws IOException, InterruptedException {
    return json("GET", BASE + "/churn", null);
  }

  /** The endpoint once no update is being made. */
  private JsonNode settled() throws IOException, InterruptedException {
    JsonNode endpoint = get();
    Instant until = Instant.now().plus(LIMIT);
    while (state(endpoint).endsWith("IN_PROGRESS")) {
      assertThat(Instant.now()).as(endpoint.toString()).isBefore(until);
      Thread.sleep(5);
      endpoint = get();
    }
    return endpoint;
  }

  private static void await(BooleanSupplier wanted) throws InterruptedException {
    Instant until = Instant.now().plus(LIMIT);
    while (!wanted.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(until);
      Thread.sleep(5);
    }
  }

  private static String state(JsonNode endpoint) {
    return endpoint.at("/state/ready").asText()
        + " "
        + endpoint.at("/state/config_update").asText();
  }

  private static Map<String, String> states(JsonNode config) {
    Map<String, String> states = new TreeMap<>();
    config
        .path("served_entities")
        .forEach(
            e -> states.put(e.path("entity_version").asText(), e.at("/state/deployment").asText()));
    return states;
  }

  private HttpResponse<String> ask() throws IOException, InterruptedException {
    return send("POST", "/serving-endpoints/churn/invocations", ANA, "{\"inputs\": [1]}");
  }

  private Map<String, Integer> ask(int times) throws IOException, InterruptedException {
    Map<String, Integer> answers = new TreeMap<>();
    for (int i = 0; i < times; i++) {
      answers.merge(ask().body(), 1, Integer::sum);
    }
    return answers;
  }

  private static String predictions(int version) {
    return "{\"predictions\": [" + version + "]}";
  }

  private Load load(int clients) {
    return new Load(
        URI.create(workspace.host() + "/serving-endpoints/churn/invocations"),
        ANA,
        "{\"inputs\": [1]}",
        clients);
  }

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
  void anEndpointThatIsDeletedWhileItsEntityStartsLeavesNothingBehind() throws Exception {
    servers.hold("1");
    create(serving(1, 100));

    json("DELETE", BASE + "/churn", null);

    await(() -> servers.running().isEmpty());
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

  @Test
  void answersCanBeSlowWrongFailingOrErrorsUnder200() throws Exception {
    create(serving(7, 100));
    settled();
    Map<ServingEffect, String> expected =
        Map.of(
            new ServingEffect.WrongAnswers(), "200 {\"predictions\":[1007]}",
            new ServingEffect.FailingAnswers(), "500 {\"error_code\":\"INTERNAL_ERROR\"",
            new ServingEffect.ErrorsAsAnswers(), "200 {\"error_code\":\"BAD_REQUEST\"");
    for (Map.Entry<ServingEffect, String> each : expected.entrySet()) {
      workspace.servingFaults().add(ServingFault.once("tripler/7", each.getKey()));
      HttpResponse<String> answer = ask();
      assertThat(answer.statusCode() + " " + answer.body()).startsWith(each.getValue());
      assertThat(ask().body()).isEqualTo(predictions(7));
    }
    workspace
        .servingFaults()
        .add(ServingFault.once("tripler/*", new ServingEffect.SlowAnswers(Duration.ofMillis(300))));
    long begun = System.nanoTime();
    assertThat(ask().body()).isEqualTo(predictions(7));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(300));
  }

  @Test
  void aServerThatDiesIsStartedAgainAndRequestsWaitForIt() throws Exception {
    create(serving(1, 100));
    settled();
    servers.hold("1");

    servers.running().getFirst().dies();
    await(() -> servers.starts() == 2);
    JsonNode recovering = get();
    assertThat(state(recovering)).isEqualTo("NOT_READY NOT_UPDATING");
    assertThat(states(recovering.path("config"))).isEqualTo(Map.of("1", "DEPLOYMENT_RECOVERING"));
    try (Load load = load(2)) {
      servers.release("1");
      load.await(4);
      load.end();
      assertThat(load.failures()).isEmpty();
    }
    assertThat(state(get())).isEqualTo("READY NOT_UPDATING");
  }

  @Test
  void anEntityWhoseMachineIsGoneStaysAwayUntilTheFaultIs() throws Exception {
    create(serving(1, 50, 2, 50));
    settled();

    workspace.servingFaults().add(ServingFault.always("tripler/1", new ServingEffect.Gone()));
    await(() -> servers.running().size() == 1);
    assertThat(state(get())).isEqualTo("NOT_READY NOT_UPDATING");
    HttpResponse<String> gone =
        send("POST", "/serving-endpoints/churn/served-models/tripler-1/invocations", ANA, "{}");
    assertThat(gone.statusCode()).as("it does not keep callers waiting").isEqualTo(503);
    update(serving(2, 100));
    assertThat(state(settled())).isEqualTo("READY NOT_UPDATING");
    assertThat(ask(4)).isEqualTo(Map.of(predictions(2), 4));
  }

  @Test
  void whatScalesToZeroStopsWhenIdleAndStartsWithTheNextRequest() throws Exception {
    reopen(ServingSettings.standard().withIdle(Duration.ofMillis(200)));
    create(
        serving(1, 100)
            .replace("\"scale_to_zero_enabled\": false", "\"scale_to_zero_enabled\": true"));
    settled();

    await(() -> servers.running().isEmpty());
    JsonNode asleep = get();
    assertThat(state(asleep)).isEqualTo("READY NOT_UPDATING");
    assertThat(asleep.at("/config/served_entities/0/state/deployment_state_message").asText())
        .isEqualTo("Scaled to zero");
    assertThat(ask().body()).isEqualTo(predictions(1));
    await(() -> servers.running().isEmpty());
    assertThat(ask().body()).isEqualTo(predictions(1));
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
  void metricsAreGaugesOfTheLastMinuteWithATimeAtTheEndOfTheLine() throws Exception {
    create(serving(1, 100, 2, 0));
    settled();
    ask(3);
    workspace
        .servingFaults()
        .add(ServingFault.once("tripler/1", new ServingEffect.FailingAnswers()));
    ask();

    HttpResponse<String> answer = send("GET", BASE + "/churn/metrics", ANA, null);

    assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    String of = "{endpoint_name=\"churn\",served_model_name=\"tripler-1\"";
    assertThat(answer.body())
        .contains("# TYPE request_count_total gauge\n")
        .containsPattern(pattern("request_count_total" + of + "} 4 ") + "\\d{13}\n")
        .containsPattern(pattern("request_5xx_count_total" + of + "} 1 ") + "\\d{13}\n")
        .containsPattern(pattern("request_4xx_count_total" + of + "} 0 ") + "\\d{13}\n")
        .containsPattern(pattern("mem_usage_percentage" + of + "} 25 ") + "\\d{13}\n")
        .containsPattern(
            pattern("provisioned_concurrent_requests_total" + of + "} 4 ") + "\\d{13}\n")
        .containsPattern(pattern("request_latency_ms_count" + of + "} 4 ") + "\\d{13}\n")
        .containsPattern(
            pattern("request_latency_ms_bucket" + of + ",le=\"+Inf\"} 4 ") + "\\d{13}\n")
        .containsPattern(
            pattern(
                    "request_count_total{endpoint_name=\"churn\",served_model_name=\"tripler-2\"} 0 ")
                + "\\d{13}\n");
  }

  private static String pattern(String literal) {
    return java.util.regex.Pattern.quote(literal);
  }

  @Test
  void aYoungEndpointHasNoMetricsAndSomeWorkspacesHaveNoHistograms() throws Exception {
    reopen(ServingSettings.standard().withMetricsAfter(Duration.ofHours(1)));
    create(serving(1, 100));
    settled();
    assertThat(send("GET", BASE + "/churn/metrics", ANA, null).statusCode()).isEqualTo(404);
    reopen(ServingSettings.standard().withMetricsAfter(Duration.ZERO).withoutHistograms());

    String text = send("GET", BASE + "/churn/metrics", ANA, null).body();

    assertThat(text).contains("request_count_total{").doesNotContain("request_latency_ms");
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
