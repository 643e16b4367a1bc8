package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.AttemptAge;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.registry.GivenUp;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.SettledVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;

/** Versions are made once, and found again. */
class MlflowRegistryTest extends RegistryScene {

  @Test
  void aVersionIsCreatedOncePerKeyHoweverOftenItIsRequested() {
    VersionOrder order = order("key-1");

    ModelVersion first = registry.registerVersion(order);
    ModelVersion again = registry.registerVersion(order);

    assertThat(first.version()).isEqualTo("1");
    assertThat(first.tags())
        .containsEntry(Tags.KEY, "key-1")
        .containsEntry(Tags.PROMOTION, "promotion/churn/abc");
    assertThat(first.page()).hasToString(mlflow.client().base() + "#/models/churn/versions/1");
    assertThat(again).isEqualTo(first);
    assertThat(mlflow.asked("POST model-versions/create")).isEqualTo(1);
    assertThat(registry.registerVersion(order("key-2")).version()).isEqualTo("2");
  }

  @Test
  void aVersionWhoseResponseWasLostIsFound() {
    AtomicBoolean lost = new AtomicBoolean();
    mlflow.before =
        request -> {
          if (!request.getTarget().endsWith("model-versions/create") || lost.getAndSet(true)) {
            return null;
          }
          mlflow.effect(request);
          return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
        };

    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class, () -> registry.registerVersion(order("key-1")));
    ModelVersion found = registry.registerVersion(order("key-1"));

    assertThat(failure.isNonRetryable()).isFalse();
    assertThat(found.version()).isEqualTo("1");
    assertThat(mlflow.versions()).hasSize(1);
  }

  @Test
  void theLowestOfSeveralVersionsWithOneKeyIsKept() {
    VersionOrder order = order("key-1");
    mlflow.page = 2;
    registry.registerVersion(order("other"));
    registry.registerVersion(order);
    mlflow.versions().add(twin("5", "key-1"));
    mlflow.versions().add(twin("4", "key-1"));
    mlflow.versions().add(twin("6", "somebody-elses"));

    SettledVersion settled = registry.settleVersion(order);

    assertThat(settled.kept().version()).isEqualTo("2");
    assertThat(settled.removed())
        .hasSize(2)
        .allMatch(told -> told.endsWith("the duplicate was removed"))
        .anyMatch(told -> told.startsWith("version 4 of churn in dev"));
    assertThat(mlflow.versions())
        .extracting(version -> version.path("version").asText())
        .containsExactly("1", "2", "6");
  }

  @Test
  void whoeverMakesAVersionIsToldOfItsDuplicatesAlsoIfThatAnswerIsLost() {
    VersionOrder order = order("key-1");
    assertThat(registry.registerVersion(order).tags()).doesNotContainKey(Tags.DUPLICATES);
    mlflow.versions().add(twin("5", "key-1"));
    mlflow.versions().add(twin("4", "key-1"));

    assertThat(registry.registerVersion(order).tags()).containsEntry(Tags.DUPLICATES, "4, 5");
    assertThat(registry.registerVersion(order).tags()).containsEntry(Tags.DUPLICATES, "4, 5");
    assertThat(mlflow.versions()).hasSize(1);
  }

  @Test
  void aVersionThatTheSearchDoesNotListYetIsKnownByItsNumber() {
    mlflow.registry.searchIsBehind = true;
    VersionOrder order = order("key-1");

    ModelVersion made = registry.registerVersion(order);

    assertThat(made.version()).isEqualTo("1");
    assertThat(registry.settleVersion(order.madeAs("1")).kept()).isEqualTo(made);
    assertThat(mlflow.versions()).hasSize(1);
  }

  @Test
  void aVersionIsReportedAsDeletedOnlyAfterAWhile() {
    VersionOrder order = order("key-1");
    registry.registerVersion(order);
    mlflow.registry.searchIsBehind = true;

    ApplicationFailure soon =
        catchThrowableOfType(ApplicationFailure.class, () -> registry.settleVersion(order));
    assertThat(soon.getType()).isEqualTo("PlatformError");
    assertThat(soon.getOriginalMessage()).contains("not listed yet");

    mlflow.registry.searchIsBehind = false;
    mlflow.versions().clear();
    asked = new AttemptAge(9, Duration.ofMinutes(3));
    ApplicationFailure late =
        catchThrowableOfType(ApplicationFailure.class, () -> registry.settleVersion(order));
    assertThat(late.getType()).isEqualTo("UserError");
    assertThat(late.getOriginalMessage())
        .contains("after 3 minutes of looking: someone deleted it");
  }

  @Test
  void aLateDuplicateIsDeletedAndTheVersionInUseIsKept() {
    VersionOrder order = order("key-1");
    mlflow.versions().add(twin("9", "somebody-elses"));
    registry.registerVersion(order);
    asked = new AttemptAge(2, Duration.ofSeconds(21));
    ModelVersion used = registry.registerVersion(order("key-2"));
    mlflow.versions().add(0, twin("7", "key-2"));
    mlflow.versions().add(twin("8", "key-2").put("current_stage", "Production"));

    DuplicatesRemoved settled = registry.removeVersionTwins(order("key-2").madeAs(used.version()));

    assertThat(settled.removed()).singleElement().asString().contains("version 7 of churn in dev");
    assertThat(settled.mayCome()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    assertThat(registry.removeVersionTwins(order).mayCome()).isNull();
    assertThat(mlflow.versions())
        .extracting(version -> version.path("version").asText())
        .containsExactlyInAnyOrder("9", "1", used.version(), "8");
  }

  @Test
  void twoModelsWithTheSameKeyDoNotInterfere() {
    registry.registerVersion(order("key-1"));
    ObjectNode foreign = twin("9", "key-1");
    foreign.put("name", "churn2");
    mlflow.versions().add(foreign);

    registry.settleVersion(order("key-1"));

    assertThat(mlflow.versions()).hasSize(2);
  }

  @Test
  void aVersionCountsWhenItIsReadyAndNotBefore() {
    mlflow.newVersionStatus = "PENDING_REGISTRATION";
    ApplicationFailure waiting =
        catchThrowableOfType(
            ApplicationFailure.class, () -> registry.registerVersion(order("key-1")));
    assertThat(waiting.getType()).isEqualTo("PlatformError");
    assertThat(waiting.getOriginalMessage()).contains("still PENDING_REGISTRATION");

    mlflow.versions().getFirst().put("status", "READY");

    assertThat(registry.registerVersion(order("key-1")).version()).isEqualTo("1");
  }

  @Test
  void anAbandonedRequestLeavesOnlyWhatIsFinished() {
    VersionOrder order = order("key-1");
    registry.registerVersion(order);
    mlflow.versions().add(twin("4", "key-1").put("status", "PENDING_REGISTRATION"));
    mlflow.versions().add(twin("6", "somebody-elses").put("status", "PENDING_REGISTRATION"));

    assertThat(registry.giveUpVersion(order)).isEqualTo(new GivenUp(List.of("4"), List.of("1")));
    assertThat(registry.giveUpVersion(order)).isEqualTo(new GivenUp(List.of(), List.of("1")));
    assertThat(mlflow.versions())
        .extracting(version -> version.path("version").asText())
        .containsExactly("1", "6");
  }

  @Test
  void aFailedRegistrationIsReportedAndANewAttemptCreatesANewVersion() {
    mlflow.newVersionStatus = "FAILED_REGISTRATION";
    ApplicationFailure failed =
        catchThrowableOfType(
            ApplicationFailure.class, () -> registry.registerVersion(order("key-1")));
    assertThat(failed.getType()).isEqualTo("UserError");
    assertThat(failed.getOriginalMessage()).contains("FAILED_REGISTRATION");
    assertThat(mlflow.versions()).isEmpty();

    mlflow.newVersionStatus = "READY";

    assertThat(registry.registerVersion(order("key-1")).version()).isEqualTo("2");
  }

  @Test
  void aModelWithoutVersionsIsRegisteredAndAnUnknownOneIsNot() {
    mlflow.client().registeredModels().ensure("churn");

    assertThat(registry.isRegistered("dev", "churn")).isTrue();
    assertThat(registry.isRegistered("dev", "absent")).isFalse();
  }

  @Test
  void versionsOfAPromotionAreFoundWithoutTemporal() {
    registry.registerVersion(order("key-1"));
    mlflow.versions().add(twin("9", "key-9"));

    List<ModelVersion> found =
        registry.versionsOf(new PromotionQuery("dev", "churn", "promotion/churn/abc"));

    assertThat(found).extracting(ModelVersion::version).containsExactly("1");
    assertThat(registry.versionsOf(new PromotionQuery("dev", "absent", "p"))).isEmpty();
  }

  @Test
  void theRunOfAVersionIsFoundHoweverItIsNamed() {
    ObjectNode run = mlflow.addRun("/churn", "train", Map.of());
    mlflow.addFolder(run, "model", MODEL);
    String id = FakeMlflow.idOf(run);
    version("20", "runs:/" + id + "/model", id);
    version("21", "mlflow-artifacts:/1/" + id + "/artifacts/model", id);
    version("22", "models:/churn/21", "");
    ObjectNode newer = mlflow.addRun("/churn", "train3", Map.of());
    ObjectNode model = mlflow.addModel(newer, "model", MODEL);
    String modelId = model.path("info").path("model_id").asText();
    version("23", "models:/" + modelId, "");
    version("24", "s3://bucket/elsewhere", id);

    for (String number : List.of("20", "21", "22")) {
      TrainedRun found = registry.runOf(new VersionQuery("dev", "churn", number));
      assertThat(found.model().source()).isEqualTo("runs:/" + id + "/model");
    }
    assertThat(registry.runOf(new VersionQuery("dev", "churn", "23")).model().runId())
        .isEqualTo(FakeMlflow.idOf(newer));
    assertThat(
            catchThrowableOfType(
                ApplicationFailure.class,
                () -> registry.runOf(new VersionQuery("dev", "churn", "24"))))
        .hasMessageContaining("s3://bucket/elsewhere is not of its run");
  }

  @Test
  void aVersionThatNamesNoRunIsFoundByTheAddressOfItsFiles() {
    ObjectNode run = mlflow.addRun("/churn", "train", Map.of());
    mlflow.addFolder(run, "deep/model", MODEL);
    ObjectNode newer = mlflow.addRun("/churn", "train3", Map.of());
    String address =
        FakeTracking.info(mlflow.addModel(newer, "model", MODEL)).path("artifact_uri").asText();
    version("30", FakeTracking.info(run).path("artifact_uri").asText() + "/deep/model/", "");
    version("31", address, "");
    version("32", "mlflow-artifacts:/uploads/churn", "");
    version("33", "s3://bucket/" + "a".repeat(32) + "/artifacts/model", "");

    assertThat(runOf("30").model().runId()).isEqualTo(FakeMlflow.idOf(run));
    assertThat(runOf("30").model().path()).isEqualTo("deep/model");
    assertThat(runOf("31").model().runId()).isEqualTo(FakeMlflow.idOf(newer));
    assertThat(runOf("31").model().artifactUri()).isEqualTo(address);
    assertThat(runOf("32").model().hasRun()).isFalse();
    assertThat(runOf("32").model().artifactUri()).isEqualTo("mlflow-artifacts:/uploads/churn");
    assertThat(runOf("32").experiment()).isEqualTo("/Shared/churn");
    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> runOf("33")))
        .hasMessageContaining("it names no run, and its source s3://bucket/")
        .hasMessageContaining("mlflow.register_model(\"runs:/<run id>/model\", \"churn\")");
  }

  @Test
  void aModelThatWasLoggedOutsideOfARunIsFoundWithWhatItSaysItself() {
    ObjectNode model =
        mlflow.addModelAlone("/churn", "lgb", Map.of("mlflow.user", "ana@example.com"), MODEL);
    version("40", "models:/" + FakeTracking.info(model).path("model_id").asText(), "");

    TrainedRun found = runOf("40");

    assertThat(found.model().hasRun()).isFalse();
    assertThat(found.model().experimentId()).isNotEmpty();
    assertThat(found.runName()).isEqualTo("lgb");
    assertThat(found.metrics()).containsEntry("rmse", 50.0);
    assertThat(found.params()).containsEntry("alpha", "0.5");
    assertThat(Objects.requireNonNull(found.making()).users()).containsExactly("ana@example.com");
    assertThat(mlflow.asked())
        .as("looking changes nothing")
        .noneMatch(c -> c.startsWith("POST runs/create"));
  }

  @Test
  void aChampionWithoutARunIsComparedByTheMetricsOfItsLoggedModel() {
    ObjectNode model = mlflow.addModelAlone("/churn", "lgb", Map.of(), MODEL);
    version("1", "models:/" + FakeTracking.info(model).path("model_id").asText(), "");
    mlflow.client().registeredModels().ensure("churn");
    mlflow.client().registeredModels().alias("churn", "champion", 1);

    assertThat(registry.champion(new ModelQuery("dev", "churn", Marking.ALIASES)))
        .hasValueSatisfying(champion -> assertThat(champion.metrics()).containsEntry("rmse", 50.0));
  }

  private TrainedRun runOf(String number) {
    return registry.runOf(new VersionQuery("dev", "churn", number));
  }

  @Test
  void latestIsNotAVersion() {
    for (String word : List.of("latest", "champion", "0", "-1", "1.5")) {
      ApplicationFailure failure =
          catchThrowableOfType(
              ApplicationFailure.class,
              () -> registry.version(new VersionQuery("dev", "churn", word)));
      assertThat(failure.getOriginalMessage()).contains("Name an exact version");
    }
  }
}
