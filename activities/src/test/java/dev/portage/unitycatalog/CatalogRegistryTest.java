package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.AttemptAge;
import dev.portage.candidate.ManifestRef;
import dev.portage.copy.ManifestOrder;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.Tags;
import dev.portage.registry.UnmarkOrder;
import dev.portage.registry.Unmarked;
import dev.portage.registry.VersionLabels;
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
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogRegistryTest extends CatalogWorld {
  private static final String NO_MODEL =
      "{\"message\":\"Registered Model 'main.ml.churn' does not exist.\"}";

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
    assertThat(registry.settleVersion(order)).isEqualTo(made);
    assertThat(filesOf("1")).isEqualTo(new TreeMap<>(FILES));
    assertThat(versions()).containsExactly("1 READY");
    assertThat(catalog.asked("POST model-versions/create")).isEqualTo(1);
    assertThat(catalog.versions.getFirst().path("model_id").asText())
        .isEqualTo(order.location().modelId());
    assertThat(registry.registerVersion(order("key-2")).version()).isEqualTo("2");
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
    assertThat(registry.settleVersion(order).version()).as(when).isEqualTo(made.version());
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

    assertThat(registry.settleVersion(order).version()).isEqualTo("5");
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

    assertThat(registry.settleVersion(order.madeAs(made.version()))).isEqualTo(made);
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
  void theAliasOfACandidateGoesUnlessItHasMovedOn() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));
    registry.mark(new MarkOrder("dev", MODEL, "1", Marking.ALIASES, "challenger"));

    assertThat(registry.unmark(challenger("2")))
        .isEqualTo(new Unmarked(false, "challenger is version 1 now"));
    assertThat(registry.unmark(challenger("1"))).isEqualTo(new Unmarked(true, "no alias"));
    assertThat(registry.unmark(challenger("1"))).isEqualTo(new Unmarked(false, "no alias"));
    assertThat(catalog.asked("DELETE registered-models/alias")).isEqualTo(1);
  }

  private static UnmarkOrder challenger(String version) {
    return new UnmarkOrder("dev", MODEL, version, Marking.ALIASES, "challenger", null);
  }

  @Test
  void theAliasMovesAndTheChampionIsTheVersionItPointsAt() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));
    assertThat(registry.champion(champion())).isEmpty();

    Marked first = mark("1");
    Marked second = mark("2");
    Marked again = mark("2");

    assertThat(first).isEqualTo(new Marked("champion", "1", null));
    assertThat(second).isEqualTo(new Marked("champion", "2", "1"));
    assertThat(again).isEqualTo(new Marked("champion", "2", "2"));
    assertThat(catalog.asked("POST registered-models/alias")).isEqualTo(2);
    assertThat(registry.champion(champion()))
        .hasValueSatisfying(live -> {
          assertThat(live.version().version()).isEqualTo("2");
          assertThat(live.version().aliases()).containsExactly("champion");
          assertThat(live.commit()).isEqualTo("abc");
          assertThat(live.promotion()).isEqualTo("promotion/churn/abc");
        });
  }

  @Test
  void onlyAFinishedVersionGetsAnAliasAndThereAreNoStages() {
    left(order("key-1"), "1", "PENDING_REGISTRATION");

    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> mark("1")))
        .hasMessageContaining("PENDING_REGISTRATION");
    assertThat(
            catchThrowableOfType(
                ApplicationFailure.class,
                () -> registry.champion(new ModelQuery("dev", MODEL, Marking.STAGES))))
        .hasMessageContaining("Unity Catalog has no stages");
    assertThat(
            catchThrowableOfType(
                ApplicationFailure.class,
                () -> registry.version(new VersionQuery("dev", "churn", "1"))))
        .hasMessageContaining("CATALOG.SCHEMA.{model}");
  }

  @Test
  void aPromotionsVersionsAreFoundByTagAndLabelsAreWritten() {
    registry.registerVersion(order("key-1"));
    left(order("key-2"), "9", "READY");

    registry.labelVersion(new VersionLabels("dev", MODEL, "1", Map.of(Tags.RELEASE, "live")));

    assertThat(registry.versionsOf(new PromotionQuery("dev", MODEL, "promotion/churn/abc")))
        .singleElement()
        .satisfies(version -> {
          assertThat(version.version()).isEqualTo("1");
          assertThat(version.tags()).containsEntry(Tags.RELEASE, "live");
        });
    assertThat(registry.versionsOf(new PromotionQuery("dev", "main.ml.none", "p"))).isEmpty();
  }

  @Test
  void aVersionIsPromotedByTheFilesThatItHoldsItself() {
    VersionOrder order = order("key-1");
    registry.registerVersion(order);
    mlflow.files().keySet().removeIf(path -> path.endsWith("model.pkl"));

    TrainedRun origin = registry.runOf(new VersionQuery("dev", MODEL, "1"));
    ManifestRef manifest =
        transfer().makeManifest(new ManifestOrder(origin.model(), "promotion/churn/v1"));

    assertThat(origin.model().artifactUri()).isEqualTo("models:/main.ml.churn/1");
    assertThat(origin.model().runId()).isEqualTo(order.location().runId());
    assertThat(origin.model().modelId()).isEqualTo(order.location().modelId());
    assertThat(manifest.digest()).isEqualTo(order.tags().get(Tags.DIGEST));
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

  @Test
  void anInspectionReadsTheCatalogAndChangesNothing() {
    registry.registerVersion(order("key-1"));
    int models = catalog.aliases.size();

    WorkspaceReport report =
        CatalogRegistry.inspection(FakeServers.of(mlflow))
            .inspect(
                new WorkspaceNeeds(
                    "dev", MODEL, null, List.of(WorkspaceNeeds.Right.WRITE_REGISTRY)));

    assertThat(report.findings()).allMatch(finding -> finding.verdict() == Finding.Verdict.OK);
    assertThat(report.findings().toString()).contains("main.ml.churn").contains("1 versions");
    assertThat(catalog.aliases).hasSize(models);
    assertThat(mlflow.asked()).noneMatch(call -> call.matches("\\w+ registered-models/.*"));
  }

  @Test
  void aMissingModelInAnExistingSchemaIsNoFinding() {
    catalog.before = request -> refusalAt(request, "registered-models/get", 404, NO_MODEL);

    assertThat(told().verdict()).isEqualTo(Finding.Verdict.OK);
    assertThat(told().text()).isEqualTo("does not exist yet; the first promotion creates it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "404 | {\"message\":\"Schema 'main.ml' does not exist.\"}",
        "404 | {\"error_code\":\"SCHEMA_DOES_NOT_EXIST\",\"message\":\"no\"}",
        "404 | {\"error_code\":\"CATALOG_DOES_NOT_EXIST\",\"message\":\"no\"}",
        "403 | {\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no USE SCHEMA\"}"
      })
  void aHiddenSchemaIsAFindingBeforeAnythingIsTried(int status, String body) {
    catalog.before =
        request ->
            request.getUrl().encodedPath().endsWith("/schemas/main.ml")
                ? refusal(status, body)
                : refusalAt(request, "registered-models/get", 404, NO_MODEL);

    assertThat(told().verdict()).isEqualTo(Finding.Verdict.LACK);
    assertThat(told().text()).contains("the login sees no such schema");
    assertThat(told().remedy())
        .contains("databricks schemas create ml main")
        .contains("databricks grants update schema main.ml");
  }

  @Test
  void aMissingSchemaIsNotAMissingModel() {
    catalog.before =
        request ->
            refusalAt(
                request,
                "registered-models/get",
                404,
                "{\"message\":\"Schema 'main.ml' does not exist.\"}");

    assertThat(told().text()).contains("404: Schema 'main.ml' does not exist.");
  }

  @Test
  void aMissingGrantOnTheSchemaIsReportedWithItsStatementBeforehand() {
    grants(
        "[{\"principal\":\"others\",\"privileges\":[{\"privilege\":\"ALL_PRIVILEGES\"}]},"
            + "{\"principal\":\"ML\",\"privileges\":[{\"privilege\":\"USE_SCHEMA\"}]}]");

    assertThat(notes())
        .containsExactly(
            new Finding(
                "workspace dev",
                "create models in schema main.ml",
                Finding.Verdict.NOTE,
                "the catalog shows no grant of CREATE MODEL to bob@example.com or its groups",
                "GRANT CREATE MODEL ON SCHEMA main.ml TO `bob@example.com`"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"principal\":\"ml\",\"privileges\":[{\"privilege\":\"USE_SCHEMA\"},{\"privilege\":\"CREATE_MODEL\"}]}]",
        "[{\"principal\":\"account users\",\"privileges\":[{\"privilege\":\"ALL_PRIVILEGES\"}]}]",
        "null"
      })
  void grantsToGroupsOrEveryoneAndASilentCatalogNeedNoNote(String assignments) {
    grants(assignments);

    assertThat(notes()).isEmpty();
  }

  /** The schema's grants as the catalog shows them to a login in group ml. */
  private void grants(String assignments) {
    catalog.before =
        request -> {
          String path = request.getUrl().encodedPath();
          if (path.endsWith("/scim/v2/Me")) {
            return refusal(
                200, "{\"userName\":\"bob@example.com\",\"groups\":[{\"display\":\"ml\"}]}");
          }
          if (path.endsWith("/effective-permissions/schema/main.ml")) {
            return refusal(200, "{\"privilege_assignments\":" + assignments + "}");
          }
          return path.endsWith("/schemas/main.ml")
              ? refusal(200, "{\"owner\":\"somebody else\"}")
              : refusalAt(request, "registered-models/get", 404, NO_MODEL);
        };
  }

  private List<Finding> notes() {
    return CatalogRegistry.inspection(FakeServers.of(mlflow))
        .inspect(new WorkspaceNeeds("dev", MODEL, null, List.of(Right.WRITE_REGISTRY)))
        .findings()
        .stream()
        .filter(finding -> finding.verdict() == Finding.Verdict.NOTE)
        .toList();
  }

  private Finding told() {
    return CatalogRegistry.inspection(FakeServers.of(mlflow))
        .inspect(new WorkspaceNeeds("dev", MODEL, null, List.of()))
        .findings()
        .getLast();
  }

  private static @Nullable MockResponse refusalAt(
      RecordedRequest request, String end, int status, String body) {
    return request.getUrl().encodedPath().endsWith(end) ? refusal(status, body) : null;
  }

  private static MockResponse refusal(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body)
        .build();
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

  private static ModelQuery champion() {
    return new ModelQuery("dev", MODEL, Marking.ALIASES);
  }
}
