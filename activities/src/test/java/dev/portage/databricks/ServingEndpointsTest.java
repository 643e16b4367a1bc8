package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.Failures;
import dev.portage.live.SettingsRef;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointChanged.Outcome;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopy;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.EndpointState;
import dev.portage.serving.EndpointWait;
import dev.portage.serving.NewVersion;
import dev.portage.serving.StoredEndpoint;
import dev.portage.settings.ServeSettings;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Serving endpoints, in a workspace that is as strict as the real one. */
class ServingEndpointsTest extends EndpointWorld {
  private static final EndpointQuery QUERY = new EndpointQuery("dev", "churn", "churn");
  private static final String HOLDER = "promotion/churn/0123456789ab";

  private static final NewVersion FOUR =
      new NewVersion(
          "churn-4",
          "prod.ml.churn",
          "4",
          ServeSettings.Size.MEDIUM,
          false,
          Map.of("TOKEN", "{{secrets/churn/token}}"));

  private static final NewVersion USUAL =
      new NewVersion("churn-4", "prod.ml.churn", "4", ServeSettings.Size.SMALL, false, Map.of());

  private EndpointConfig served() {
    return endpoints.findEndpoint(QUERY).orElseThrow().config();
  }

  private static EndpointOrder order(
      EndpointConfig wanted, @Nullable List<EndpointConfig> found, @Nullable SettingsRef settings) {
    return new EndpointOrder(QUERY, wanted, FOUR, settings, found, HOLDER, null);
  }

  private EndpointReady await(EndpointConfig wanted) {
    return await(wanted, FOUR, null);
  }

  /** Of versions that are served as {@link #serves} has them. */
  private EndpointReady awaitUsual(EndpointConfig wanted) {
    return await(wanted, USUAL, null);
  }

  private EndpointReady await(
      EndpointConfig wanted, NewVersion added, @Nullable EndpointChanged changed) {
    return endpoints.awaitEndpoint(
        new EndpointWait(
            "dev",
            "churn",
            "churn",
            wanted,
            added,
            waiting.now().plus(Duration.ofHours(1)),
            changed == null ? null : changed.failedBefore()));
  }

  @Test
  void theFirstVersionCreatesTheEndpointWithItsTags() {
    EndpointConfig wanted = new EndpointConfig(List.of(FOUR.at(100)));

    assertThat(endpoints.findEndpoint(QUERY)).isEmpty();
    assertThat(
            endpoints.changeEndpoint(order(wanted, List.of(EndpointConfig.NONE), null)).outcome())
        .isEqualTo(Outcome.SENT);
    assertThat(await(wanted).failed()).isNull();

    ObjectNode body = sent.getFirst();
    assertThat(body.path("name").asText()).isEqualTo("churn");
    JsonNode entity = body.at("/config/served_entities/0");
    assertThat(entity.path("entity_name").asText()).isEqualTo("prod.ml.churn");
    assertThat(entity.path("entity_version").asText()).isEqualTo("4");
    assertThat(entity.path("workload_size").asText()).isEqualTo("Medium");
    assertThat(entity.path("scale_to_zero_enabled").isBoolean()).isTrue();
    assertThat(entity.at("/environment_vars/TOKEN").asText()).isEqualTo("{{secrets/churn/token}}");
    assertThat(body.at("/config/traffic_config/routes/0/traffic_percentage").asInt())
        .isEqualTo(100);
    assertThat(body.path("tags").findValuesAsText("key"))
        .containsExactlyInAnyOrder("portage_model", "portage_workspace", "portage_promotion");
  }

  @Test
  @Tag("S3.24")
  void whereItTakesRequestsAndWhetherItAnswersIsReadWithIt() {
    serves("3:100");

    EndpointState state = endpoints.findEndpoint(QUERY).orElseThrow();

    assertThat(String.valueOf(state.address()))
        .startsWith("http")
        .endsWith("/serving-endpoints/churn/invocations");
    assertThat(state.ready()).isEqualTo("READY");
  }

  @Test
  void anEndpointThatWasCreatedMeanwhileIsLookedAtAgain() {
    EndpointConfig wanted = new EndpointConfig(List.of(FOUR.at(100)));
    workspace.on(
        POST, call -> FakeWorkspace.refusal(409, "RESOURCE_ALREADY_EXISTS", "churn exists"));

    assertThatThrownBy(
            () -> endpoints.changeEndpoint(order(wanted, List.of(EndpointConfig.NONE), null)))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> assertThat(failure.isNonRetryable()).as("is retried").isFalse())
        .hasMessageContaining("it was created meanwhile");
  }

  @Test
  void aNewVersionIsAddedAtZeroPercentAndTheOldOnesSettingsAreKept() {
    serves("3:100");
    ((ObjectNode) now().at("/config/served_entities/0"))
        .put("instance_profile_arn", "arn:aws:iam::1:instance-profile/x")
        .put("workload_size", "Large");
    EndpointConfig before = served();

    EndpointConfig wanted = before.giving(FOUR.at(0), 0);
    endpoints.changeEndpoint(order(wanted, List.of(before), null));
    assertThat(await(wanted).failed()).isNull();

    JsonNode body = sent.getFirst();
    assertThat(body.path("served_entities").findValuesAsText("name"))
        .containsExactly("churn-3", "churn-4");
    JsonNode old = body.at("/served_entities/0");
    assertThat(old.path("workload_size").asText()).isEqualTo("Large");
    assertThat(old.path("instance_profile_arn").asText()).startsWith("arn:");
    assertThat(old.has("state")).isFalse();
    assertThat(old.has("creator")).isFalse();
    assertThat(served().text()).isEqualTo("version 3");
    assertThat(served().named("churn-4").orElseThrow().percent()).isZero();
    assertThat(endpoints.findEndpoint(QUERY).orElseThrow().promotion())
        .isEqualTo(CloudTag.value(HOLDER));
  }

  @Test
  void aRepeatedOrderFindsItUnderWayOrDone() {
    serves("3:100");
    EndpointConfig before = served();
    EndpointConfig wanted = before.giving(FOUR.at(0), 0);
    endpoints.changeEndpoint(order(wanted, List.of(before), null));

    assertThat(endpoints.changeEndpoint(order(wanted, List.of(before), null)).outcome())
        .isEqualTo(Outcome.UNCHANGED);
    await(wanted);
    assertThat(endpoints.changeEndpoint(order(wanted, List.of(before), null)).outcome())
        .isEqualTo(Outcome.UNCHANGED);
    assertThat(workspace.calls(PUT)).hasSize(1);
  }

  @Test
  void aLostAnswerIsNotSentASecondTime() {
    serves("3:100");
    EndpointConfig before = served();
    EndpointConfig wanted = before.giving(FOUR.at(0), 0);
    workspace.on(
        PUT,
        call -> {
          sent.add(call.body().deepCopy());
          ObjectNode config = config("3:100", "4:0");
          ((ObjectNode) config.at("/served_entities/1"))
              .put("workload_size", "MEDIUM")
              .putObject("environment_vars")
              .put("TOKEN", "{{secrets/churn/token}}");
          now().set("config", config);
          return new MockResponse.Builder()
              .onResponseStart(SocketEffect.ShutdownConnection.INSTANCE)
              .build();
        });

    assertThatThrownBy(() -> endpoints.changeEndpoint(order(wanted, List.of(before), null)))
        .isInstanceOf(ApplicationFailure.class);
    assertThat(endpoints.changeEndpoint(order(wanted, List.of(before), null)).outcome())
        .isEqualTo(Outcome.UNCHANGED);
    assertThat(sent).hasSize(1);
  }

  @Test
  void aVersionAtRestIsServedAsItIsPromotedNowAndNotAsItWas() {
    serves("3:100", "4:0");
    StoredEndpoint stored = endpoints.storeEndpoint(new EndpointCopy("dev", "churn", "churn", "k"));
    EndpointConfig before = stored.config();
    EndpointConfig wanted = before.without("churn-4").giving(FOUR.at(0), 0);
    EndpointOrder order = order(wanted, List.of(before), stored.settings());

    assertThat(endpoints.changeEndpoint(order).outcome()).isEqualTo(Outcome.SENT);
    assertThat(endpoints.changeEndpoint(order).outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(await(wanted).failed()).isNull();
    assertThat(endpoints.changeEndpoint(order).outcome()).isEqualTo(Outcome.UNCHANGED);

    JsonNode entity = sent.getFirst().at("/served_entities/1");
    assertThat(entity.path("name").asText()).isEqualTo("churn-4");
    assertThat(entity.path("workload_size").asText()).isEqualTo("Medium");
    assertThat(entity.at("/environment_vars/TOKEN").asText()).isEqualTo("{{secrets/churn/token}}");
    assertThat(sent).hasSize(1);

    // Undone, it is as it was.
    EndpointConfig made = served();
    endpoints.changeEndpoint(
        new EndpointOrder(QUERY, before, null, stored.settings(), List.of(made), HOLDER, null));
    assertThat(sent.getLast().at("/served_entities/1/workload_size").asText()).isEqualTo("Small");
  }

  @Test
  void aVersionThatCouldNotGetItsNewSettingsIsNotTakenForOneThatHasThem() {
    serves("3:100", "4:0");
    EndpointConfig before = served();
    EndpointConfig wanted = before.without("churn-4").giving(FOUR.at(0), 0);
    ends = "UPDATE_FAILED";

    endpoints.changeEndpoint(order(wanted, List.of(before), null));

    assertThat(await(wanted).failed()).contains("the update failed");
  }

  @Test
  void aVersionWhoseSettingsSomebodyPutBackMeanwhileIsNotWhatWasOrdered() {
    serves("3:100", "4:0");

    assertThat(await(served()).failed())
        .contains("with another size or environment than was ordered");
    assertThat(awaitUsual(served()).failed()).isNull();
  }

  @Test
  void anotherUpdateThatIsUnderWayIsWaitedForByARetry() {
    serves("3:100");
    EndpointConfig before = served();
    lasts = null;
    endpoints.changeEndpoint(order(before.giving(FOUR.at(0), 0), List.of(before), null));

    assertThatThrownBy(
            () -> endpoints.changeEndpoint(order(before.giving(FOUR.at(0), 50), null, null)))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.isNonRetryable()).isFalse();
              assertThat(failure.getOriginalMessage())
                  .contains("another update of it is under way");
            });
    assertThat(workspace.calls(PUT)).hasSize(1);
  }

  @Test
  void whatNobodyExpectedIsLeftAsItIs() {
    serves("3:60", "9:40");
    EndpointConfig expected = new EndpointConfig(List.of(FOUR.at(100)));

    assertThat(
            endpoints.changeEndpoint(
                order(expected.giving(FOUR.at(0), 100), List.of(expected), null)))
        .satisfies(changed -> {
          assertThat(changed.outcome()).isEqualTo(Outcome.FOUND_OTHER);
          assertThat(changed.config().text()).isEqualTo("versions 3 (60 %) and 9 (40 %)");
        });
    assertThat(workspace.calls(PUT)).isEmpty();
  }

  @Test
  void aVersionThatSomebodyRemovedIsServedAgainAsItWasStored() {
    serves("3:100");
    ((ObjectNode) now().at("/config/served_entities/0")).put("workload_size", "Large");
    StoredEndpoint stored = endpoints.storeEndpoint(new EndpointCopy("dev", "churn", "churn", "k"));
    serves("4:100");

    endpoints.changeEndpoint(order(stored.config(), null, stored.settings()));

    assertThat(sent.getFirst().at("/served_entities/0/workload_size").asText()).isEqualTo("Large");
    assertThat(await(stored.config()).failed()).isNull();
    assertThat(served()).isEqualTo(stored.config());
  }

  @Test
  void whatIsStoredIsTheBodyOfAnUpdateAndHashed() throws IOException {
    serves("3:95", "4:5");
    StoredEndpoint stored = endpoints.storeEndpoint(new EndpointCopy("dev", "churn", "churn", "k"));

    SettingsRef settings = Objects.requireNonNull(stored.settings());
    String text = Objects.requireNonNull(this.stored.get(settings.uri()));
    assertThat(settings.sha256()).isEqualTo(IdempotencyToken.sha256(text));
    JsonNode body = EndpointJson.parse(text);
    assertThat(EndpointJson.config(body)).isEqualTo(stored.config());
    assertThat(body.has("state")).isFalse();
  }

  @Test
  void anEndpointIsDeletedOnceAndAlsoOneThatCouldNotBeCreated() {
    EndpointConfig wanted = new EndpointConfig(List.of(FOUR.at(100)));
    ends = "UPDATE_FAILED";
    endpoints.changeEndpoint(order(wanted, null, null));
    assertThat(await(wanted).failed()).isNotNull();

    EndpointOrder removal = order(EndpointConfig.NONE, List.of(wanted, EndpointConfig.NONE), null);
    assertThat(endpoints.changeEndpoint(removal).outcome()).isEqualTo(Outcome.SENT);
    assertThat(endpoints.changeEndpoint(removal).outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(workspace.calls(DELETE)).hasSize(1);
  }

  @Test
  @Tag("S2.24")
  void aFailedUpdateSaysWhyWithTheEndOfTheLogs() {
    serves("3:100");
    EndpointConfig before = served();
    EndpointConfig wanted = before.giving(FOUR.at(0), 0);
    ends = "UPDATE_FAILED";
    workspace
        .on(
            "GET " + ONE + "/served-models/churn-4/build-logs",
            "{\"logs\":\"Step 1\\nERROR: No matching distribution found for scikit-learn==0.0\\n\"}")
        .on(
            "GET " + ONE + "/served-models/churn-4/logs",
            "{\"logs\":\"loading\\nMemoryError\\ntoken dapi0123456789abcdef0123456789abcdef\"}");
    endpoints.changeEndpoint(order(wanted, List.of(before), null));
    deployment("4", "DEPLOYMENT_FAILED", "Failed to deploy churn-4: out of memory");

    EndpointReady ready = await(wanted);

    assertThat(ready.failed())
        .contains("the update failed")
        .contains("churn-4 is FAILED: Failed to deploy churn-4: out of memory")
        .contains("No matching distribution found for scikit-learn==0.0")
        .contains("MemoryError")
        .doesNotContain("dapi0123456789abcdef");
    assertThat(ready.state().config()).isEqualTo(before);
  }

  /** An update that failed, as a promotion that is resumed finds it. */
  private ObjectNode failedBefore() {
    serves("3:100");
    now().putObject("state").put("ready", "READY").put("config_update", "UPDATE_FAILED");
    ObjectNode pending = config("3:100", "4:0");
    pending.put("config_version", 7).put("start_time", 1_700_000_000_000L);
    now().set("pending_config", pending);
    return now().deepCopy();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 20})
  void anUpdateThatFailedBeforeIsNotTakenForTheOneThatWasOrdered(int late) {
    ObjectNode old = failedBefore();
    EndpointConfig before = served();
    EndpointConfig wanted = before.giving(FOUR.at(0), 0);
    int[] looks = {0};
    workspace.on(
        PUT,
        call -> {
          now().set("config", config("3:100", "4:0"));
          now().remove("pending_config");
          now().putObject("state").put("ready", "READY").put("config_update", "NOT_UPDATING");
          workspace.on(
              GET, look -> FakeWorkspace.json(200, (looks[0]++ < late ? old : now()).toString()));
          return FakeWorkspace.json(200, now().toString());
        });

    EndpointChanged changed =
        endpoints.changeEndpoint(
            new EndpointOrder(QUERY, wanted, USUAL, null, List.of(before), HOLDER, null));

    assertThat(changed.outcome()).isEqualTo(Outcome.SENT);
    assertThat(await(wanted, USUAL, changed).failed()).isNull();
  }

  @Test
  void anUpdateThatFailsAgainIsToldFromTheOneBeforeByItsNumber() {
    failedBefore();
    EndpointConfig before = served();
    EndpointConfig wanted = before.giving(FOUR.at(0), 0);
    workspace.on(
        PUT,
        call -> {
          ((ObjectNode) now().path("pending_config")).put("config_version", 8);
          return FakeWorkspace.json(200, now().toString());
        });

    EndpointChanged changed = endpoints.changeEndpoint(order(wanted, List.of(before), null));

    assertThat(await(wanted, FOUR, changed).failed()).startsWith("the update failed");
    assertThat(waiting.waited()).isZero();
  }

  @Test
  void anOrderOfWhichNothingIsEverShownEndsAfterAMinute() {
    failedBefore();
    EndpointConfig before = served();
    EndpointConfig wanted = before.giving(FOUR.at(0), 0);
    workspace.on(PUT, call -> FakeWorkspace.json(200, now().toString()));

    EndpointChanged changed = endpoints.changeEndpoint(order(wanted, List.of(before), null));

    assertThat(await(wanted, FOUR, changed).failed())
        .isEqualTo("it serves version 3 and shows an earlier update, which failed, as its last");
    assertThat(waiting.waited()).isGreaterThan(Duration.ofMinutes(1));
  }

  @Test
  void readingTheLogsOfSeveralVersionsIsNeverSilentForLongerThanACallMayTake() {
    serves("3:50", "4:50");
    EndpointConfig wanted = served();
    Duration call = Duration.ofSeconds(20);
    for (String version : List.of("3", "4")) {
      deployment(version, "DEPLOYMENT_FAILED", "it failed");
      for (String log : List.of("build-logs", "logs")) {
        workspace.on(
            "GET " + ONE + "/served-models/churn-" + version + "/" + log,
            request -> {
              waiting.sleep(call);
              return FakeWorkspace.json(200, "{\"logs\":\"x\"}");
            });
      }
    }

    assertThat(awaitUsual(wanted).failed()).contains("could not be started");
    waiting.beat("the end");

    assertThat(waiting.longestSilence()).isEqualTo(call);
  }

  @Test
  void whatIsWrittenOutInAnEnvironmentIsNotRepeatedFromTheLogs() {
    serves("3:100");
    EndpointConfig before = served();
    EndpointConfig wanted = before.giving(FOUR.at(0), 0);
    ends = "UPDATE_FAILED";
    workspace
        .on("GET " + ONE + "/served-models/churn-4/build-logs", "{\"logs\":\"\"}")
        .on(
            "GET " + ONE + "/served-models/churn-4/logs",
            "{\"logs\":\"password correct horse, then correct horse battery\\n"
                + "db://ana:t0psecret@db/scores\\nlevel debug\\nkey line-one-of-it\\n"
                + "reads {{secrets/churn/token}}\"}");
    endpoints.changeEndpoint(order(wanted, List.of(before), null));
    deployment("4", "DEPLOYMENT_FAILED", "refused: correct horse");
    ((ObjectNode) now().at("/pending_config/served_entities/1"))
        .putObject("environment_vars")
        .put("PASSWORD", "correct horse")
        .put("LONGER", "correct horse battery")
        .put("DB", "db://ana:t0psecret@db/scores")
        .put("LEVEL", "debug")
        .put("KEY", "line-one-of-it\nline-two-of-it\n")
        .put("TOKEN", "{{secrets/churn/token}}");

    assertThat(await(wanted).failed())
        .contains("refused: …", "password …, then …", "level debug", "key …")
        .contains("reads {{secrets/churn/token}}")
        .doesNotContain("horse", "battery", "t0psecret", "db/scores", "line-one");
  }

  @Test
  void anEndpointIsReadyWhenEachOfItsVersionsIs() {
    serves("3:95", "4:5");
    EndpointConfig wanted = served();
    deployment("4", "DEPLOYMENT_CREATING", "");
    int[] looks = {0};
    workspace.on(
        GET,
        call -> {
          if (looks[0]++ == 3) {
            deployment("4", "DEPLOYMENT_READY", "");
          }
          return FakeWorkspace.json(200, now().toString());
        });

    assertThat(awaitUsual(wanted).failed()).isNull();
    assertThat(looks[0]).isEqualTo(4);
    assertThat(waiting.longestSilence()).isLessThanOrEqualTo(ActivityWait.BEAT);
  }

  @Test
  void aChangeOfSharesIsSeenAfterASecond() {
    serves("3:100", "4:0");
    EndpointConfig before = served();
    EndpointConfig wanted = before.giving(FOUR.at(0), 50);
    lasts = 2;
    endpoints.changeEndpoint(
        new EndpointOrder(QUERY, wanted, null, null, List.of(before), HOLDER, null));

    assertThat(awaitUsual(wanted).failed()).isNull();
    assertThat(waiting.waited()).isLessThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aVersionThatDiedAtRestHoldsUpNobodyAndIsSaid() {
    serves("3:0", "4:100");
    EndpointConfig wanted = served();
    deployment("3", "DEPLOYMENT_RECOVERING", "");

    EndpointReady ready = awaitUsual(wanted);

    assertThat(ready.failed()).isNull();
    assertThat(ready.resting()).isEqualTo("churn-3 is RECOVERING");
  }

  @Test
  void aNewVersionHasToBeReadyThoughItGetsNoTrafficYet() {
    serves("3:100", "4:0");
    EndpointConfig wanted = served();
    deployment("4", "DEPLOYMENT_FAILED", "out of memory");

    assertThat(awaitUsual(wanted).failed()).contains("version 4 could not be started");
  }

  @Test
  void aVersionThatIsNeverReadyIsGivenUpWithWhatTheLogsSay() {
    serves("3:100");
    EndpointConfig before = served();
    EndpointConfig wanted = before.giving(FOUR.at(0), 0);
    lasts = null;
    workspace.on("GET " + ONE + "/served-models/churn-4/logs", "{\"logs\":\"waiting for a lock\"}");
    endpoints.changeEndpoint(order(wanted, List.of(before), null));
    deployment("4", "DEPLOYMENT_CREATING", "");

    EndpointReady ready = await(wanted);

    assertThat(ready.failed())
        .contains("it is not ready yet: IN_PROGRESS")
        .contains("waiting for a lock");
    assertThat(ready.state().config()).isEqualTo(before);
    assertThat(waiting.waited()).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));
  }

  @Test
  void aStateThatIsNotKnownIsAskedAgain() {
    serves("3:100");
    EndpointConfig wanted = served();
    int[] looks = {0};
    workspace.on(
        GET,
        call -> {
          now()
              .putObject("state")
              .put("config_update", looks[0]++ < 2 ? "SOMETHING_NEW" : "NOT_UPDATING");
          return FakeWorkspace.json(200, now().toString());
        });

    assertThat(await(wanted).failed()).isNull();
    assertThat(looks[0]).isEqualTo(3);
  }

  @Test
  void anUpdateThatSomebodyReplacedIsNotedAfterAMinute() {
    serves("3:100");
    EndpointConfig wanted = served().giving(FOUR.at(0), 50);

    EndpointReady ready = await(wanted);

    assertThat(ready.failed()).contains("it serves version 3 instead");
    assertThat(waiting.waited()).hasMinutes(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -     | which no promotion created | portage adopt churn --workspace dev --endpoint churn
          other | belongs to model other     | Give serve.endpoint another name
          """)
  void anEndpointThatIsNotTheModelsIsRefusedWithTheCommand(
      @Nullable String tag, String what, String remedy) {
    serves("3:100");
    now().remove("tags");
    if (tag != null) {
      tag(now(), "portage_model", tag);
    }
    for (Runnable call :
        List.<Runnable>of(
            () -> endpoints.findEndpoint(QUERY),
            () -> endpoints.storeEndpoint(new EndpointCopy("dev", "churn", "churn", "k")),
            () ->
                endpoints.changeEndpoint(
                    order(new EndpointConfig(List.of(FOUR.at(100))), null, null)))) {
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              ApplicationFailure.class,
              failure -> {
                assertThat(failure.isNonRetryable()).isTrue();
                assertThat(Failures.problemOf(failure, "", "").message())
                    .contains(what)
                    .contains(remedy);
              });
    }
    assertThat(workspace.calls(PUT)).isEmpty();
  }

  @Test
  void servedModelsOfEarlierDaysAreReadToo() {
    serves("3:100");
    now()
        .set(
            "config",
            EndpointJson.parse(
                """
                {"served_models":[{"name":"churn-3","model_name":"churn","model_version":"3",
                  "workload_size":"Small","scale_to_zero_enabled":true}],
                 "traffic_config":{"routes":[{"served_model_name":"churn-3","traffic_percentage":100}]}}
                """));
    assertThat(served().text()).isEqualTo("version 3");
    assertThat(served().served().getFirst().model()).isEqualTo("churn");
  }
}
