package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyDuplicates;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyProgress;
import dev.portage.copy.CopyResult;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.registry.Tags;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;

class TransferTest extends TwoWorkspaces {

  @Test
  void aLoggedModelIsCopiedByteForByteAsALoggedModel() {
    ModelLocation model = loggedModel();

    CopyResult result = transfer.copy(order(model));

    assertThat(result.model().modelId()).startsWith("m-").isNotEqualTo(model.modelId());
    assertThat(result.model().workspace()).isEqualTo("prod");
    assertThat(result.model().source()).isEqualTo("models:/" + result.model().modelId());
    assertThat(filesAt(prod, result.model())).isEqualTo(new TreeMap<>(FILES));
    assertThat(result.files()).isEqualTo(4);
    assertThat(result.bytes()).isEqualTo(sizeOfAll());
    assertThat(result.sentBytes()).isEqualTo(sizeOfAll());
    ObjectNode made = prod.models().getFirst();
    assertThat(made.path("info").path("status").asText()).isEqualTo("LOGGED_MODEL_READY");
    assertThat(
            prod.runs().getFirst().path("outputs").path("model_outputs").path(0).path("model_id"))
        .isEqualTo(made.path("info").path("model_id"));
    assertThat(result.page())
        .hasToString(prod.client().base() + "#/experiments/1/runs/" + result.model().runId());
  }

  @Test
  void theOlderLayoutIsCopiedAsAFolderOfTheRun() {
    ModelLocation model = folder();

    CopyResult result = transfer.copy(order(model));

    assertThat(result.model().modelId()).isNull();
    assertThat(result.model().source()).isEqualTo("runs:/" + result.model().runId() + "/model");
    assertThat(filesAt(prod, result.model())).isEqualTo(new TreeMap<>(FILES));
    assertThat(prod.models()).isEmpty();
  }

  @Test
  void anMlflow2ServerGetsTheOlderLayoutAndSendsFilesInChunks() {
    try (FakeMlflow old = new FakeMlflow(http, "prod", false)) {
      Transfer toOld = transfer(FakeServers.of(dev, old), beats::add);
      ModelLocation model = loggedModel();

      CopyResult result = toOld.copy(order(model));

      assertThat(result.model().modelId()).isNull();
      assertThat(result.model().path()).isEqualTo("model");
      assertThat(filesAt(old, result.model())).isEqualTo(new TreeMap<>(FILES));
      assertThat(toOld.copy(order(model)).sentBytes()).isZero();
    }
  }

  @Test
  void repeatingAFinishedCopySendsAndCreatesNothing() {
    CopyOrder order = order(loggedModel());
    CopyResult first = transfer.copy(order);
    long puts = putsTo(prod);

    CopyResult second = transfer.copy(order);

    assertThat(second.sentBytes()).isZero();
    assertThat(putsTo(prod)).isEqualTo(puts);
    assertThat(second.model()).isEqualTo(first.model());
    assertThat(second.digest()).isEqualTo(first.digest());
    assertThat(prod.asked("POST runs/create")).isEqualTo(1);
    assertThat(prod.asked("POST logged-models")).isEqualTo(1);
    assertThat(prod.asked("POST runs/outputs")).isEqualTo(1);
  }

  @Test
  void theNextAttemptFinishesACopyThatDiedAnywhere() {
    CopyOrder order = order(loggedModel());
    int calls = callsOf(order);
    for (int last = 1; last < calls; last++) {
      diesAtCall(last, false, order);
      diesAtCall(last, true, order);
    }
  }

  /**
   * Makes the target go silent at one of its calls.
   *
   * @param doneFirst whether that call still takes effect, with its response lost
   */
  private void diesAtCall(int last, boolean doneFirst, CopyOrder order) {
    String when = "call " + last + (doneFirst ? ", done" : ", not done");
    try (FakeMlflow target = new FakeMlflow(http, "prod", true)) {
      AtomicInteger seen = new AtomicInteger();
      target.before =
          request -> {
            int call = seen.incrementAndGet();
            if (doneFirst && call == last) {
              target.effect(request);
            }
            return call >= last ? new MockResponse.Builder().code(503).build() : null;
          };
      Transfer copying = transfer(FakeServers.of(dev, target), beats::add);
      ApplicationFailure died =
          catchThrowableOfType(ApplicationFailure.class, () -> copying.copy(order));
      assertThat(died.isNonRetryable()).as(when).isFalse();
      target.before = _ -> null;

      CopyResult result = copying.copy(order);

      assertThat(filesAt(target, result.model())).as(when).isEqualTo(new TreeMap<>(FILES));
      assertThat(activeRuns(target)).as(when).hasSize(1);
      assertThat(target.models()).as(when).hasSize(1);
      assertThat(copying.copy(order).sentBytes()).as(when).isZero();
    }
  }

  @Test
  void onlyMissingOrWrongFilesAreResent() {
    CopyOrder order = order(folder());
    CopyResult first = transfer.copy(order);
    String root = first.model().artifactUri().substring("mlflow-artifacts:/".length());
    prod.files().remove(root + "/model.pkl");
    prod.files().put(root + "/MLmodel", "run_id: of d3v\n".getBytes(StandardCharsets.UTF_8));

    CopyResult second = transfer.copy(order);

    assertThat(second.sentBytes())
        .isEqualTo("some bytes of a model".length() + "run_id: of dev\n".length());
    assertThat(filesAt(prod, second.model())).isEqualTo(new TreeMap<>(FILES));
  }

  @Test
  void theRunsFactsAndLineageAreCopiedAndNothingMisleading() {
    ModelLocation model = loggedModel();
    ObjectNode run = dev.runs().getFirst();
    ObjectNode data = (ObjectNode) run.get("data");
    data.withArray("params").addObject().put("key", "alpha").put("value", "0.1");
    for (int step = 0; step < 3; step++) {
      run.withArray("history").add(metric("rmse", String.valueOf(3 - step), step));
    }
    run.withArray("history").add(metric("odd", "NaN", 0));
    data.withArray("metrics").add(metric("rmse", "1", 2)).add(metric("odd", "NaN", 0));
    dev.page = 2;

    transfer.copy(order(model));

    ObjectNode copy = prod.runs().getFirst();
    assertThat(copy.path("data").path("params").toString()).contains("alpha").contains("0.1");
    assertThat(copy.path("history")).hasSize(4);
    assertThat(copy.path("history").toString()).contains("\"NaN\"");
    assertThat(copy.path("info").path("run_name").asText()).isEqualTo("train");
    assertThat(copy.path("info").path("status").asText()).isEqualTo("FINISHED");
    assertThat(copy.path("info").path("start_time")).isEqualTo(run.path("info").path("start_time"));
    assertThat(copy.path("info").path("end_time")).isEqualTo(run.path("info").path("end_time"));
    assertThat(tagsOf(copy))
        .containsEntry("team", "risk")
        .containsEntry(Tags.LINEAGE, "dev run → prod")
        .containsEntry(Tags.KEY, "copy-key")
        .containsEntry("portage_source_run", model.runId())
        .containsEntry("portage_source_workspace", "dev")
        .containsEntry("portage_source_databricks_jobID", "11")
        .doesNotContainKey("mlflow.databricks.jobID")
        .doesNotContainValue("the key of the dev version");
  }

  @Test
  void theOldestOfTwoRunsOrModelsWithOneKeyIsKept() {
    CopyOrder order = order(loggedModel());
    CopyResult first = transfer.copy(order);
    ObjectNode twin =
        prod.addRun(
            order.experiment(),
            "twin",
            Map.of(Tags.KEY, order.key(), "portage_made_at", "9" + "0".repeat(15)));
    ObjectNode modelTwin = prod.addModel(prod.runs().getFirst(), "model", Map.of());
    ObjectNode info = (ObjectNode) modelTwin.get("info");
    info.withArray("tags").addObject().put("key", Tags.KEY).put("value", order.key());

    CopyResult second = transfer.copy(order);

    assertThat(second.model()).isEqualTo(first.model());
    assertThat(activeRuns(prod)).doesNotContain(twin).hasSize(1);
    assertThat(prod.models()).hasSize(1);
  }

  @Test
  void aRunThatTheSearchDoesNotListYetIsCreatedOnce() {
    CopyOrder order = order(loggedModel());
    prod.searchIsBehind(true);

    CopyResult result = transfer.copy(order);

    assertThat(prod.runs()).hasSize(1);
    assertThat(prod.models()).hasSize(1);
    prod.searchIsBehind(false);
    assertThat(transfer.copy(order).model()).isEqualTo(result.model());
  }

  @Test
  void aLateRunIsDeletedAndTheOneWithTheFilesIsKept() {
    CopyOrder order = order(loggedModel());
    CopyResult result = transfer.copy(order);
    // The server received this call first and executed it last.
    ObjectNode late =
        prod.addRun(
            order.experiment(), "late", Map.of(Tags.KEY, order.key(), "portage_made_at", "1"));
    ((ObjectNode) late.get("info")).put("status", "RUNNING");
    prod.addRun(order.experiment(), "another's", Map.of(Tags.KEY, "another key"));

    DuplicatesRemoved settled = transfer.removeCopyTwins(new CopyDuplicates(order, result.model()));

    assertThat(settled.removed())
        .singleElement()
        .asString()
        .startsWith("run " + FakeMlflow.idOf(late) + " in prod");
    assertThat(settled.mayCome()).isNull();
    assertThat(activeRuns(prod)).hasSize(2).doesNotContain(late);
  }

  @Test
  void aRepeatedCopyKeepsTheRunWithTheFilesAndNotALateOne() {
    CopyOrder order = order(loggedModel());
    CopyResult first = transfer.copy(order);
    ObjectNode late =
        prod.addRun(
            order.experiment(), "late", Map.of(Tags.KEY, order.key(), "portage_made_at", "1"));
    ((ObjectNode) late.get("info")).put("status", "RUNNING");

    assertThat(transfer.copy(order).model()).isEqualTo(first.model());
    assertThat(activeRuns(prod)).hasSize(1).doesNotContain(late);
  }

  @Test
  void aLaterAttemptRecordsHowLongADuplicateMayStillAppear() {
    CopyOrder order = order(loggedModel());
    Transfer second =
        transfer(
            FakeServers.of(dev, prod),
            new Heartbeat() {
              @Override
              public void beat(CopyProgress progress) {}

              @Override
              public int attempt() {
                return 2;
              }
            });

    CopyResult result = second.copy(order);

    assertThat(second.removeCopyTwins(new CopyDuplicates(order, result.model())).mayCome())
        .isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void heartbeatsCarryProgressAndNoCredential() {
    transfer.copy(order(loggedModel()));

    assertThat(beats).isNotEmpty();
    assertThat(beats.toString()).doesNotContain(FakeMlflow.TOKEN);
  }

  private int callsOf(CopyOrder order) {
    try (FakeMlflow target = new FakeMlflow(http, "prod", true)) {
      transfer(FakeServers.of(dev, target), beats::add).copy(order);
      return target.asked().size();
    }
  }

  private static long putsTo(FakeMlflow server) {
    return server.asked().stream().filter(call -> call.startsWith("PUT ")).count();
  }

  private static Map<String, String> tagsOf(ObjectNode run) {
    Map<String, String> tags = new TreeMap<>();
    for (JsonNode tag : run.path("data").path("tags")) {
      tags.put(tag.path("key").asText(), tag.path("value").asText());
    }
    return tags;
  }

  private static ObjectNode metric(String key, String value, int step) {
    ObjectNode metric = JsonNodeFactory.instance.objectNode();
    metric.put("key", key);
    if (value.equals("NaN")) {
      metric.put("value", value);
    } else {
      metric.put("value", Double.parseDouble(value));
    }
    return metric.put("timestamp", 1_700_000_000_000L + step).put("step", step);
  }
}
