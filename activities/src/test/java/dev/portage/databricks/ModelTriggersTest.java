package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.registry.Marking;
import dev.portage.settings.Station;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.Trigger.Event;
import dev.portage.trigger.Trigger.Kind;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.Triggers;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Databricks starts by itself when a promotion registers a version or moves the champion. */
class ModelTriggersTest {
  private static final String JOBS = "GET /api/2.2/jobs/list";
  private static final String MODEL = "GET /api/2.0/mlflow/unity-catalog/registered-models/get";
  private static final String WEBHOOKS = "GET /api/2.0/mlflow/registry-webhooks/list";
  private static final String OWN_MODEL = "GET /api/2.0/mlflow/registered-models/get";
  private static final String CHURN = "prod.ml.churn";

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on(JOBS, "{\"jobs\":[]}")
          .on(MODEL, "{\"registered_model\":{\"name\":\"prod.ml.churn\"}}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          prod.ml.churn | MODEL_ALIAS_SET     | ["champion"]       | UNPAUSED | CHAMPION
          PROD.ML.Churn | MODEL_ALIAS_SET     | ["Champion","x"]   | -        | CHAMPION
          prod.ml.churn | MODEL_ALIAS_SET     | []                 | -        | CHAMPION
          prod.ml.churn | MODEL_ALIAS_SET     | ["challenger"]     | -        | -
          prod.ml.churn | MODEL_ALIAS_SET     | ["champion"]       | PAUSED   | -
          prod.ml.churn | MODEL_VERSION_READY | []                 | -        | VERSION
          prod.ml       | MODEL_VERSION_READY | []                 | -        | VERSION
          prod.m        | MODEL_VERSION_READY | []                 | -        | -
          -             | MODEL_VERSION_READY | []                 | -        | VERSION
          prod.ml.other | MODEL_VERSION_READY | []                 | -        | -
          prod.ml.churn | MODEL_CREATED       | []                 | -        | -
          prod.ml.churn | MODEL_TO_COME       | []                 | -        | VERSION
          """)
  void aJobsTriggerCountsWhereThePromotionMeetsItsCondition(
      @Nullable String securable,
      String condition,
      String aliases,
      @Nullable String pause,
      @Nullable Event event) {
    workspace.on(JOBS, job(77, "nightly-report", securable, condition, aliases, pause));

    assertThat(find(CHURN).found())
        .isEqualTo(
            event == null
                ? List.of()
                : List.of(new Trigger(Kind.JOB, "77", "nightly-report", event)));
  }

  @Test
  void aConditionThatIsNotKnownIsTheSameWhenTheChampionAloneIsAskedFor() {
    workspace.on(JOBS, job(77, "nightly-report", CHURN, "MODEL_TO_COME", "[]", null));
    ModelTriggers triggers = new ModelTriggers(workspace.clients());
    Triggers decided = triggers.findTriggers(TriggerQuery.ofTarget(station(CHURN)));

    Triggers again = triggers.findTriggers(TriggerQuery.ofTheChampion(station(CHURN)));

    assertThat(decided.found()).hasSize(1);
    assertThat(again.found()).isEmpty();
    assertThat(decided.withThoseOfTheChampion(again).found()).isEqualTo(decided.found());
    assertThat(triggers.findTriggers(TriggerQuery.ofOrigin(station(CHURN), false)).found())
        .extracting(Trigger::event)
        .containsExactly(Event.TAG);
  }

  @Test
  void aNewModelsCreationStartsWhatWaitsForIt() {
    workspace
        .on(JOBS, job(77, "audit", "prod.ml", "MODEL_CREATED", "[]", null))
        .on(MODEL, _ -> FakeWorkspace.refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such model"));

    assertThat(find(CHURN).found())
        .containsExactly(new Trigger(Kind.JOB, "77", "audit", Event.MODEL));
  }

  @ParameterizedTest
  @CsvSource({
    "12, CONNECTED, true",
    "12, REQUIRED_PARAMETERS_CHANGED, true",
    "12, NOT_FOUND, false",
    "0, NOT_SET_UP, false",
    "'', '', false"
  })
  void theModelsDeploymentJobStartsWithEachVersion(String id, String state, boolean starts) {
    workspace.on(
        MODEL,
        "{\"registered_model\":{\"name\":\"x\",\"deployment_job_id\":\"%s\",\"deployment_job_state\":\"%s\"}}"
            .formatted(id, state));

    assertThat(find(CHURN).found())
        .isEqualTo(
            starts
                ? List.of(new Trigger(Kind.DEPLOYMENT_JOB, "12", null, Event.VERSION))
                : List.of());
  }

  @Test
  void aModelThatIsHiddenIsSaidAndStopsNothing() {
    workspace.on(MODEL, _ -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no EXECUTE"));

    assertThat(find(CHURN))
        .isEqualTo(new Triggers(List.of(), "read registered model prod.ml.churn: 403 no EXECUTE"));
  }

  @Test
  void aServerThatFailsIsAskedAgain() {
    workspace.on(MODEL, _ -> FakeWorkspace.refusal(500, "INTERNAL_ERROR", "oops"));

    assertThatThrownBy(() -> find(CHURN)).hasMessageContaining("read registered model");
  }

  @Test
  void webhooksOfTheWorkspacesOwnRegistryCount() {
    workspace.on(
        WEBHOOKS,
        """
        {"webhooks": [
          {"id": "1", "model_name": "churn", "events": ["MODEL_VERSION_TRANSITIONED_TO_PRODUCTION"],
           "status": "ACTIVE", "description": "redeploy", "http_url_spec": {"url": "https://x.example.com/secret"}},
          {"id": "2", "events": ["MODEL_VERSION_CREATED", "COMMENT_CREATED"], "job_spec": {"job_id": "9"}},
          {"id": "3", "model_name": "other", "events": ["MODEL_VERSION_CREATED"]},
          {"id": "4", "model_name": "churn", "events": ["MODEL_VERSION_CREATED"], "status": "DISABLED"},
          {"id": "5", "model_name": "churn", "events": ["TRANSITION_REQUEST_CREATED"]}]}\
        """);

    assertThat(find("churn").found())
        .containsExactly(
            new Trigger(Kind.WEBHOOK, "1", "redeploy", Event.CHAMPION),
            new Trigger(Kind.WEBHOOK, "2", "job 9", Event.VERSION));
  }

  @Test
  void inTheFirstWorkspaceTheCandidatesMarkCountsToo() {
    workspace
        .on(JOBS, job(77, "nightly", CHURN, "MODEL_ALIAS_SET", "[\"challenger\"]", null))
        .on(
            WEBHOOKS,
            """
            {"webhooks": [
              {"id": "1", "events": ["MODEL_VERSION_TRANSITIONED_TO_STAGING"]},
              {"id": "2", "events": ["MODEL_VERSION_TRANSITIONED_STAGE"]},
              {"id": "3", "events": ["MODEL_VERSION_CREATED", "MODEL_VERSION_TAG_SET"]}]}\
            """);
    assertThat(find(CHURN).found()).isEmpty();
    assertThat(atOrigin(CHURN, true))
        .containsExactly(new Trigger(Kind.JOB, "77", "nightly", Event.CANDIDATE));
    assertThat(atOrigin("churn", true))
        .extracting(Trigger::id, Trigger::event)
        .containsExactly(
            tuple("1", Event.CANDIDATE),
            tuple("2", Event.CANDIDATE),
            tuple("2", Event.CHAMPION),
            tuple("3", Event.VERSION),
            tuple("3", Event.TAG));
    assertThat(atOrigin("churn", false))
        .as("its version is registered already, and only labelled")
        .extracting(Trigger::id, Trigger::event)
        .containsExactly(
            tuple("1", Event.CANDIDATE),
            tuple("2", Event.CANDIDATE),
            tuple("2", Event.CHAMPION),
            tuple("3", Event.TAG));
  }

  @Test
  void whatHasStartedIsNotFoundUnderTheTurn() {
    workspace
        .on(JOBS, job(77, "nightly", CHURN, "MODEL_VERSION_READY", "[]", null))
        .on(MODEL, "{\"registered_model\":{\"deployment_job_id\":\"12\"}}");
    assertThat(find(CHURN).found()).hasSize(2);
    assertThat(
            new ModelTriggers(workspace.clients())
                .findTriggers(TriggerQuery.ofTheChampion(station(CHURN)))
                .found())
        .isEmpty();
  }

  @Test
  void aWebhookOnNewModelsCountsForANewModelAlone() {
    workspace
        .on(
            WEBHOOKS,
            """
            {"webhooks": [
              {"id": "1", "events": ["REGISTERED_MODEL_CREATED"], "description": "catalog"},
              {"id": "2", "events": ["REGISTERED_MODEL_CREATED", "MODEL_VERSION_CREATED"], "description": "both"}]}\
            """)
        .on(OWN_MODEL, "{\"registered_model\":{\"name\":\"churn\"}}");
    assertThat(find("churn"))
        .isEqualTo(
            new Triggers(List.of(new Trigger(Kind.WEBHOOK, "2", "both", Event.VERSION)), null));
    assertThat(workspace.calls(OWN_MODEL)).as("read once").hasSize(1);

    workspace.on(
        OWN_MODEL, _ -> FakeWorkspace.refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such model"));
    assertThat(find("churn").found())
        .extracting(Trigger::event)
        .containsExactly(Event.MODEL, Event.MODEL, Event.VERSION);

    workspace.on(OWN_MODEL, _ -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "hidden"));
    assertThat(find("churn").notSeen()).isEqualTo("read registered model churn: 403 hidden");
  }

  @Test
  void whatIsBeyondTheLimitIsSaidToBeUnread() {
    AtomicInteger pages = new AtomicInteger();
    workspace
        .on(
            JOBS,
            _ ->
                FakeWorkspace.json(
                    200, "{\"jobs\":[],\"next_page_token\":\"p" + pages.incrementAndGet() + "\"}"))
        .on(
            WEBHOOKS,
            _ ->
                FakeWorkspace.json(
                    200,
                    "{\"webhooks\":[%s],\"next_page_token\":\"p%d\"}"
                        .formatted(
                            String.join(",", Collections.nCopies(500, "{\"events\":[]}")),
                            pages.incrementAndGet())));

    assertThat(find(CHURN).notSeen()).isEqualTo("jobs older than the newest 5,000 were not read");
    assertThat(find("churn").notSeen()).isEqualTo("webhooks after the first 1000 were not read");
  }

  @Test
  void aWorkspaceWithoutWebhooksHasNone() {
    workspace.on(WEBHOOKS, _ -> FakeWorkspace.refusal(404, "ENDPOINT_NOT_FOUND", "no API"));

    assertThat(find("churn")).isEqualTo(Triggers.none());
  }

  private Triggers find(String model) {
    return new ModelTriggers(workspace.clients())
        .findTriggers(TriggerQuery.ofTarget(station(model)));
  }

  private List<Trigger> atOrigin(String model, boolean registers) {
    return new ModelTriggers(workspace.clients())
        .findTriggers(TriggerQuery.ofOrigin(station(model), registers))
        .found();
  }

  private static Station station(String model) {
    return new Station("dev", "databricks", Set.of(), model, Marking.ALIASES);
  }

  private static String job(
      long id,
      String name,
      @Nullable String securable,
      String condition,
      String aliases,
      @Nullable String pause) {
    return "{\"jobs\":[{\"job_id\":%d,\"settings\":{\"name\":\"%s\",\"trigger\":{%s\"model\":{%s\"condition\":\"%s\",\"aliases\":%s}}}}]}"
        .formatted(
            id,
            name,
            pause == null ? "" : "\"pause_status\":\"" + pause + "\",",
            securable == null ? "" : "\"securable_name\":\"" + securable + "\",",
            condition,
            aliases);
  }
}
