package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.AttemptAge;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.SettledVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.tracking.TrainedRun;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;

/** A version is registered once, with the right files, whatever fails. */
class CatalogRegistryTest extends CatalogWorld {
  @Test
  void aVersionIsCreatedFilledAndFinishedOnceForItsKey() {
    VersionOrder order = order("key-1");

    ModelVersion made = registry.registerVersion(order);
    ModelVersion again = registry.registerVersion(order);

    assertThat(made.version()).isEqualTo("1");
    assertThat(made.runId()).isEqualTo(order.location().runId());
    assertThat(made.stage()).isNull();
    assertThat(made.tags())
        .containsEntry(Tags.KEY, "key-1")
        .containsEntry(Tags.PROMOTION, "promotion/churn/abc");
    assertThat(again).isEqualTo(made);
    assertThat(registry.settleVersion(order).kept()).isEqualTo(made);
    assertThat(filesOf("1")).isEqualTo(new TreeMap<>(FILES));
    assertThat(versions()).containsExactly("1 READY");
    assertThat(catalog.asked("POST model-versions/create")).isEqualTo(1);
    assertThat(catalog.versions.getFirst().path("model_id").asText())
        .isEqualTo(order.location().modelId());
    assertThat(registry.registerVersion(order("key-2")).version()).isEqualTo("2");
  }

  @Test
  void aVersionIsFoundWithItsLetterAndAModelByItsName() {
    VersionOrder order = order("key-1");
    assertThat(registry.isRegistered(order.workspace(), order.model())).isFalse();

    registry.registerVersion(order);

    assertThat(registry.isRegistered(order.workspace(), order.model())).isTrue();
    assertThat(
            registry
                .versionNamed(new VersionQuery(order.workspace(), order.model(), "v1"))
                .version())
        .isEqualTo("1");
  }

  @Test
  void anUnknownAliasOfAModelWithoutVersionsSaysThatThereAreNone() {
    VersionOrder order = order("key-1");
    registry.registerVersion(order);
    assertThat(unfound(order)).contains("there is no such alias");

    catalog.versions.clear();

    assertThat(unfound(order))
        .contains("the registered model has no versions", "Register a version of it first");
  }

  private String unfound(VersionOrder order) {
    return catchThrowableOfType(
            ApplicationFailure.class,
            () ->
                registry.versionNamed(
                    new VersionQuery(order.workspace(), order.model(), "champion")))
        .getOriginalMessage();
  }

  @Test
  void aDeathBetweenAnyTwoCallsLeavesOneCorrectVersion() {
    AtomicInteger seen = new AtomicInteger();
    VersionOrder whole = order("key-1");
    catalog.before =
        _ -> {
          seen.incrementAndGet();
          return null;
        };
    registry.registerVersion(whole);
    assertThat(seen.get()).isGreaterThan(40);

    for (int last = 1; last < seen.get(); last++) {
      diesAtCall(last, false);
      diesAtCall(last, true);
    }
  }

  /**
   * Makes the workspace and its storage go silent at one of the calls.
   *
   * @param doneFirst whether that call still takes effect, with its response lost
   */
  private void diesAtCall(int last, boolean doneFirst) {
    String when = "call " + last + (doneFirst ? ", done" : ", not done");
    anew();
    VersionOrder order = order("key-1");
    AtomicInteger seen = new AtomicInteger();
    catalog.before =
        request -> {
          int call = seen.incrementAndGet();
          if (doneFirst && call == last) {
            if (request.getUrl().pathSegments().getFirst().equals("api")) {
              if (catalog.effect(request) == null) {
                mlflow.effect(request);
              }
            } else {
              catalog.files.effect(request);
            }
          }
          return call >= last
              ? new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build()
              : null;
        };
    ApplicationFailure died =
        catchThrowableOfType(ApplicationFailure.class, () -> registry.registerVersion(order));
    if (died != null) { // A probe's own call may get lost; the last ones are not checked.
      assertThat(died.isNonRetryable()).as(when).isFalse();
    }
    catalog.before = _ -> null;

    ModelVersion made = registry.registerVersion(order);

    assertThat(versions()).as(when).containsExactly(made.version() + " READY");
    assertThat(filesOf(made.version())).as(when).isEqualTo(new TreeMap<>(FILES));
    assertThat(registry.settleVersion(order).kept().version()).as(when).isEqualTo(made.version());
  }

  @Test
  void anOrphanIsFinishedWithoutResendingItsFiles() {
    VersionOrder order = order("key-1");
    left(order, "7", "PENDING_REGISTRATION");
    content("7", "MLmodel", MLMODEL);
    content("7", "model.pkl", "SOME bytes of a model");
    content("7", "of another attempt.txt", "not in the manifest");

    ModelVersion made = registry.registerVersion(order);

    assertThat(made.version()).isEqualTo("7");
    assertThat(filesOf("7")).isEqualTo(new TreeMap<>(FILES));
    assertThat(catalog.asked)
        .contains("PUT api/2.0/fs/files/Models/main/ml/churn/7/model.pkl")
        .doesNotContain("PUT api/2.0/fs/files/Models/main/ml/churn/7/MLmodel");
    assertThat(catalog.asked("POST model-versions/create")).isZero();
  }

  @Test
  void anOrphanThatCantBeFinishedIsDeletedAndCreatedAgain() {
    VersionOrder order = order("key-1");
    left(order, "7", "PENDING_REGISTRATION").put("foreign", true);

    ModelVersion made = registry.registerVersion(order);

    assertThat(versions()).containsExactly(made.version() + " READY");
    assertThat(made.version()).isNotEqualTo("7");
    assertThat(filesOf(made.version())).isEqualTo(new TreeMap<>(FILES));
  }

  @Test
  void oneOfTwoFromARaceIsKeptAndOthersAreLeftAlone() {
    VersionOrder order = order("key-1");
    left(order, "5", "PENDING_REGISTRATION");
    left(order, "6", "PENDING_REGISTRATION");
    ObjectNode stranger = left(order, "4", "PENDING_REGISTRATION");
    FakeCatalog.tag(stranger.withArray("tags"), Tags.KEY, "somebody else's");
    left(order, "3", "PENDING_REGISTRATION").put("name", "main.ml.other");

    assertThat(registry.registerVersion(order).version()).isEqualTo("5");
    left(order, "2", "PENDING_REGISTRATION");

    SettledVersion settled = registry.settleVersion(order);
    assertThat(settled.kept().version()).isEqualTo("5");
    assertThat(settled.removed()).singleElement().asString().startsWith("version 2 of ");
    assertThat(versions())
        .containsExactly("5 READY", "4 PENDING_REGISTRATION", "3 PENDING_REGISTRATION");
  }

  @Test
  void statusReadyAloneIsNotTrusted() {
    VersionOrder order = order("key-1");
    left(order, "7", "READY");
    content("7", "MLmodel", MLMODEL);

    ModelVersion made = registry.registerVersion(order);

    assertThat(versions()).containsExactly(made.version() + " READY");
    assertThat(filesOf(made.version())).isEqualTo(new TreeMap<>(FILES));
  }

  @Test
  void aVersionWithAnAliasIsNeverRecreated() {
    VersionOrder order = order("key-1");
    registry.registerVersion(order);
    mark("1");
    content("1", "MLmodel", MLMODEL + "# by another hand\n");

    assertThat(
            catchThrowableOfType(ApplicationFailure.class, () -> registry.registerVersion(order)))
        .hasMessageContaining("it is in use by alias champion");

    assertThat(versions()).containsExactly("1 READY");
    assertThat(catalog.asked("DELETE model-versions/delete")).isZero();
  }

  @Test
  void corruptionInTheStoreIsFoundBeforeTheVersionIsFinished() {
    VersionOrder order = order("key-1");
    AtomicInteger turned = new AtomicInteger();
    catalog.before =
        request -> {
          byte[] bytes = catalog.files.content.get("/Models/main/ml/churn/1/model.pkl");
          if (bytes != null && bytes[0] == 's' && turned.getAndIncrement() < 1) {
            bytes[0] ^= 1;
          }
          return null;
        };

    registry.registerVersion(order);

    assertThat(turned).hasPositiveValue();
    assertThat(filesOf("1")).isEqualTo(new TreeMap<>(FILES));
    assertThat(catalog.asked.stream().filter(call -> call.matches("PUT .*/model.pkl")).toList())
        .hasSize(2);
  }

  @Test
  void aModelWithoutASignatureIsRefusedBeforeAnythingIsCreated() {
    for (String model :
        List.of("flavors: {}\n", "signature: null\n", "signature:\n  inputs: '[{}]'\n")) {
      Map<String, String> files = new HashMap<>(FILES);
      files.put("MLmodel", model);
      VersionOrder order = order("key-1", files);

      ApplicationFailure refused = refused(order);

      assertThat(refused.getOriginalMessage())
          .contains("signature")
          .contains("infer_signature")
          .contains("inputs and outputs");
      assertThat(refused.isNonRetryable()).isTrue();
    }
    assertThat(catalog.asked).noneMatch(call -> call.startsWith("POST"));
  }

  @Test
  void aFailedRegistrationIsReportedAndTheNextAttemptCreatesANewVersion() {
    VersionOrder order = order("key-1");
    catalog.finished = "FAILED_REGISTRATION";

    ApplicationFailure failed = refused(order);

    assertThat(failed.getOriginalMessage())
        .contains("FAILED_REGISTRATION")
        .contains("the storage was away");
    assertThat(versions()).isEmpty();
    catalog.finished = "READY";
    assertThat(registry.registerVersion(order).version()).isEqualTo("2");
  }

  @Test
  void aVersionThatStaysPendingIsPolled() {
    VersionOrder order = order("key-1");
    catalog.finished = "PENDING_REGISTRATION";

    ApplicationFailure waiting = refused(order);

    assertThat(waiting.isNonRetryable()).isFalse();
    assertThat(waiting.getOriginalMessage()).contains("PENDING_REGISTRATION");
    assertThat(
            catchThrowableOfType(ApplicationFailure.class, () -> registry.settleVersion(order))
                .isNonRetryable())
        .isFalse();
    catalog.finished = "READY";
    assertThat(registry.registerVersion(order).version()).isEqualTo("1");
  }

  @Test
  void aVersionThatTheSearchDoesNotListYetIsKnownByItsNumber() {
    VersionOrder order = order("key-1");
    ModelVersion made = registry.registerVersion(order);
    catalog.before =
        request ->
            request.getTarget().contains("model-versions/search")
                ? new MockResponse.Builder().body("{}").build()
                : null;

    assertThat(registry.settleVersion(order.madeAs(made.version())).kept()).isEqualTo(made);
    assertThat(
            catchThrowableOfType(ApplicationFailure.class, () -> registry.settleVersion(order))
                .getOriginalMessage())
        .contains("not listed yet");
  }

  @Test
  void aLateVersionIsDeletedAndTheOneInUseIsKept() {
    VersionOrder order = order("key-1");
    asked = new AttemptAge(2, Duration.ofSeconds(21));
    ModelVersion made = registry.registerVersion(order);
    ObjectNode late = catalog.versions.getFirst().deepCopy();
    catalog.versions.add(late.put("version", "7").put("status", "PENDING_REGISTRATION"));

    DuplicatesRemoved settled = registry.removeVersionTwins(order.madeAs(made.version()));

    assertThat(settled.removed())
        .singleElement()
        .asString()
        .startsWith("version 7 of main.ml.churn");
    assertThat(settled.mayCome()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    assertThat(catalog.versions).hasSize(1);
  }

  @Test
  void aCancelLeavesNoPendingVersion() {
    VersionOrder order = order("key-1");
    heartbeat =
        progress -> {
          if (!catalog.versions.isEmpty()) {
            throw new ActivityCanceledException();
          }
        };
    catalog.before =
        request ->
            request.getMethod().equals("PUT")
                ? new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build()
                : null;

    assertThat(
            catchThrowableOfType(
                ActivityCanceledException.class, () -> registry.registerVersion(order)))
        .isNotNull();
    assertThat(versions()).isEmpty();
  }

  @Test
  void aChangedSourceEndsIt() {
    VersionOrder order = order("key-1");
    String pickle =
        order.location().artifactUri().substring("mlflow-artifacts:/".length()) + "/model.pkl";
    mlflow.files().put(pickle, "some bytes of a mod3l".getBytes(StandardCharsets.UTF_8));

    ApplicationFailure changed = refused(order);

    assertThat(changed.getOriginalMessage()).contains("the source changed since registration");
    assertThat(versions()).isEmpty();
  }

  @Test
  void aCatalogThatLosesTagsIsReportedInsteadOfFilled() {
    VersionOrder order = order("key-1");
    catalog.tags = tags -> tags.removeAll();

    ApplicationFailure lost = refused(order);

    assertThat(lost.isNonRetryable()).isTrue();
    assertThat(lost.getOriginalMessage()).contains("lost its tag " + Tags.KEY);
    assertThat(versions()).isEmpty();
  }

  @Test
  void aWorkspaceWithItsOwnStorageTakesFilesAtSignedUrls() {
    VersionOrder order = order("key-1");
    catalog.hasFilesApi = false;

    registry.registerVersion(order);

    assertThat(filesOf("1")).isEqualTo(new TreeMap<>(FILES));
    assertThat(catalog.asked).anyMatch(call -> call.equals("PUT signed create-upload-url"));
    assertThat(catalog.asked).noneMatch(call -> call.startsWith("PUT api/2.0/fs/files"));
  }

  @Test
  void heartbeatsAndMessagesHoldNoCredential() {
    VersionOrder order = order("key-1");

    registry.registerVersion(order);

    assertThat(beats).isNotEmpty();
    assertThat(beats.toString()).doesNotContain(FakeMlflow.TOKEN).doesNotContain(FakeFiles.TOKEN);
  }

  @Test
  void aVersionWhoseRunIsOfAnotherWorkspaceOrOfNoneIsFoundByItsFilesAlone() {
    ObjectNode version = left(order("key-1"), "1", "READY");
    version.remove("model_id");
    for (String runId : List.of("f".repeat(32), "")) {
      version.put("run_id", runId);

      TrainedRun found = registry.runOf(new VersionQuery("dev", MODEL, "1"));

      assertThat(found.model().hasRun()).as(runId).isFalse();
      assertThat(found.model().artifactUri()).isEqualTo("models:/main.ml.churn/1");
      assertThat(found.experiment()).isEqualTo("/Shared/churn");
    }
  }

  private ApplicationFailure refused(VersionOrder order) {
    return catchThrowableOfType(ApplicationFailure.class, () -> registry.registerVersion(order));
  }

  private void content(String version, String path, String text) {
    catalog.files.content.put(
        "/Models/main/ml/churn/" + version + "/" + path, text.getBytes(StandardCharsets.UTF_8));
  }

  private Marked mark(String version) {
    return registry.mark(new MarkOrder("dev", MODEL, version, Marking.ALIASES, "champion"));
  }
}
