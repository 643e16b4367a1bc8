package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointChanged.Outcome;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointReady;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting for a change of an endpoint: when it has ended, and why it failed. */
class EndpointWatchTest extends EndpointChanges {

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
        .isEqualTo("it serves version 3 and still shows an earlier, failed update as its last");
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
}
