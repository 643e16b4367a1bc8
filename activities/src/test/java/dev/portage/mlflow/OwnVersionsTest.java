package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.AttemptAge;
import dev.portage.candidate.ModelLocation;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.registry.GivenUp;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Notebooks that register their own models. */
class OwnVersionsTest {
  private static final Map<String, String> MODEL = Map.of("MLmodel", "flavors: {}");

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  private final MlflowRegistry registry =
      new MlflowRegistry(
          FakeServers.of(mlflow),
          Duration.ofMillis(200),
          Duration.ofMillis(5),
          AttemptAge::justNow);
  private final ObjectNode run = mlflow.addRun("/churn", "train", Map.of());
  private final ModelLocation model = location(mlflow.addModel(run, "model", MODEL));

  @AfterEach
  void close() {
    mlflow.close();
    http.close();
  }

  @Test
  void theVersionThatTheRunRegisteredIsUsedAndNoSecondIsCreated() {
    registered("3", model.source());
    VersionOrder order = order("key-1", null);

    ModelVersion version = registry.registerVersion(order);

    assertThat(version.version()).isEqualTo("3");
    assertThat(version.tags())
        .containsEntry(Tags.KEY, "key-1")
        .containsEntry(Tags.PROMOTION, "promotion/churn/abc")
        .containsKey(Tags.FOUND);
    assertThat(registry.registerVersion(order)).isEqualTo(version);
    assertThat(registry.settleVersion(order).kept()).isEqualTo(version);
    assertThat(mlflow.versions()).hasSize(1);
  }

  @Test
  void itIsRecognisedByAnySourceThatTheClientGaveIt() {
    for (String source :
        List.of(
            model.source() + "/",
            model.artifactUri(),
            "runs:/" + FakeMlflow.idOf(run) + "/model")) {
      mlflow.versions().clear();
      registered("3", source);

      assertThat(registry.registerVersion(order("key-1", null)).version()).isEqualTo("3");
    }
  }

  @Test
  void theVersionThatTheNotebookNamesIsUsedOtherwiseTheLast() {
    registered("3", model.source());
    registered("4", model.source());

    assertThat(registry.registerVersion(order("key-1", "3")).version()).isEqualTo("3");
    assertThat(registry.registerVersion(order("key-2", null)).version()).isEqualTo("4");
    assertThat(mlflow.versions()).hasSize(2);
  }

  @Test
  void versionsOfOtherPromotionsOrFilesOrNotReadyAreLeftAlone() {
    FakeReply.set(
        registered("3", model.source()).withArray("tags"),
        MlflowServer.object().put("key", Tags.KEY).put("value", "another"));
    registered("4", "models:/m-" + "f".repeat(32));
    registered("5", model.source()).put("status", "FAILED_REGISTRATION");

    ModelVersion made = registry.registerVersion(order("key-1", "3"));

    assertThat(made.tags()).doesNotContainKey(Tags.FOUND);
    assertThat(mlflow.versions()).hasSize(4);
  }

  @Test
  void itIsNeverDeletedEvenWithOurKey() {
    ObjectNode own = registered("3", model.source());
    VersionOrder order = order("key-1", null);
    registry.registerVersion(order);
    own.put("status", "FAILED_REGISTRATION");

    assertThat(registry.giveUpVersion(order)).isEqualTo(new GivenUp(List.of(), List.of("3")));
    assertThatThrownBy(() -> registry.settleVersion(order)).isInstanceOf(ApplicationFailure.class);

    assertThat(mlflow.versions()).hasSize(1);
  }

  @Test
  void aDeathBetweenItsTagsLeavesNothingUntagged() {
    for (int last = 1; last <= 4; last++) {
      mlflow.versions().clear();
      registered("3", model.source());
      int dies = last;
      AtomicInteger tagged = new AtomicInteger();
      mlflow.before =
          request ->
              request.getTarget().endsWith("set-tag") && tagged.incrementAndGet() >= dies
                  ? new MockResponse.Builder()
                      .onResponseStart(new SocketEffect.CloseSocket())
                      .build()
                  : null;
      assertThatThrownBy(() -> registry.registerVersion(order("key-1", null)))
          .isInstanceOf(ApplicationFailure.class);
      mlflow.before = _ -> null;

      assertThat(registry.registerVersion(order("key-1", null)).tags())
          .containsKeys(Tags.FOUND, Tags.KEY, Tags.PROMOTION, Tags.DIGEST);
      assertThat(mlflow.versions()).hasSize(1);
    }
  }

  private VersionOrder order(String key, @Nullable String registered) {
    return new VersionOrder(
        "dev",
        "churn",
        model,
        key,
        Map.of(Tags.PROMOTION, "promotion/churn/abc", Tags.DIGEST, "d".repeat(64)),
        "of a test",
        null,
        registered);
  }

  private ObjectNode registered(String number, String source) {
    ObjectNode version =
        MlflowServer.object()
            .put("name", "churn")
            .put("version", number)
            .put("status", "READY")
            .put("current_stage", "None")
            .put("run_id", FakeMlflow.idOf(run))
            .put("source", source);
    version.putArray("tags");
    mlflow.versions().add(version);
    return version;
  }

  private ModelLocation location(ObjectNode logged) {
    String id = logged.path("info").path("model_id").asText();
    return new ModelLocation(
        "dev",
        "1",
        FakeMlflow.idOf(run),
        id,
        "model",
        "models:/" + id,
        logged.path("info").path("artifact_uri").asText());
  }
}
