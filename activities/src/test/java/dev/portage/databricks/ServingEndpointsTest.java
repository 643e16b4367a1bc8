package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.Failures;
import dev.portage.live.SettingsRef;
import dev.portage.serving.EndpointChanged.Outcome;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopy;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointState;
import dev.portage.serving.StoredEndpoint;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Serving endpoints, in a workspace that is as strict as the real one. */
class ServingEndpointsTest extends EndpointChanges {

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
        .containsExactlyInAnyOrder(
            "portage_model", "portage_workspace", "portage_promotion", "portage_promotion_id_1");
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
    assertThat(endpoints.findEndpoint(QUERY).orElseThrow().promotion()).isEqualTo(HOLDER);
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
