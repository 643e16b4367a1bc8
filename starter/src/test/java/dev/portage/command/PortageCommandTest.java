package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.checkout.TemporaryRepository;
import dev.portage.preflight.Finding;
import dev.portage.temporal.Memos;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionSignaledEventAttributes;
import io.temporal.client.WorkflowExecutionDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PortageCommandTest {

  private final TemporaryRepository repository;
  @AutoClose private final Town town;
  private String commit;

  PortageCommandTest(@TempDir Path folder) throws IOException {
    repository = new TemporaryRepository(folder);
    commit = repository.commitProject("churn");
    town = new Town(folder);
  }

  private String id() {
    return "promotion/churn/" + commit.substring(0, 12);
  }

  @Test
  void aStartWaitsUntilPeopleHaveToDecideAndShowsWhat() {
    Town.Ran ran = town.working().run("start", "promotion.yaml");

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.WAITING);
    assertThat(ran.out())
        .contains(id() + "  started by ana@example.com; 1 check passed")
        .contains("✓ train")
        .contains("Who can approve prod-1 for prod")
        .contains("Evidence: pass, champion: version 3, candidate's digest dddddddddddd")
        .contains("✓  rmse  pass     53.4      <= 60")
        .contains("alias  version 3 → <new version>")
        .contains("one of model-owners. Can't approve: ana@example.com.")
        .contains("approve: portage approve " + id() + " --request prod-1");
  }

  @Test
  void aStartThatIsFollowedNoFurtherReturnsOnceItIsUnderWay() {
    Town.Ran ran = town.working().run("start", "promotion.yaml", "--wait-for", "start");

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).contains(id() + "  started by ana@example.com; 1 check passed");
    assertThat(town.run("start", "promotion.yaml", "--wait-for", "start", "--output", "json").out())
        .startsWith("{\n  \"id\" : \"" + id() + "\"");
    assertThat(town.run("start", "promotion.yaml", "--wait-for", "soon").err())
        .contains("start, approval, end");
  }

  @Test
  @Tag("S0.20")
  @Tag("S1.30")
  void aSecondStartOfTheSameCommitFindsTheFirst() {
    town.working().run("start", "promotion.yaml");

    Town.Ran again = town.run("start", "promotion.yaml", "--output", "json");

    assertThat(again.code()).isEqualTo(ExitCode.WAITING);
    assertThat(again.err()).isEmpty();
    assertThat(town.run("start", "promotion.yaml").out())
        .contains("running since")
        .contains("attached");
    assertThat(again.out()).startsWith("{\n  \"id\" : \"" + id() + "\"");
    assertThat(json(again.out()).path("request").asText()).isEqualTo("prod-1");
    assertThat(json(again.out()).path("steps").size()).as("it trained once").isEqualTo(1);
  }

  @Test
  void thePromotionIsFoundBySearchAttributesAndReportsItsFixedFacts() {
    town.working().run("start", "promotion.yaml");

    WorkflowExecutionDescription described = town.client().newUntypedWorkflowStub(id()).describe();

    assertThat(described.getTypedSearchAttributes().get(PromotionAttributes.MODEL))
        .isEqualTo("churn");
    assertThat(described.getTypedSearchAttributes().get(PromotionAttributes.COMMIT))
        .isEqualTo(commit.substring(0, 12));
    assertThat(described.getStaticSummary()).contains("churn").contains("ana@example.com");
    assertThat(described.getStaticDetails()).contains(commit).contains("model: churn");
    assertThat(described.getMemo(Memos.FILE_HASH, String.class, String.class)).hasSize(64);
  }

  @Test
  void anotherFileForTheSameCommitIsRefused() {
    repository.write("other/promotion.yaml", "model: churn\ntrain: train.py\n# other\n");
    repository.write("other/train.py", "# Databricks notebook source\n");
    commit = repository.commit("two files of one model");
    town.working().run("start", "promotion.yaml");

    Town.Ran other = town.run("start", "other/promotion.yaml");

    assertThat(other.code()).isEqualTo(ExitCode.WRONG);
    assertThat(other.err())
        .contains("was started with a different")
        .contains("--again --reason TEXT");
  }

  @Test
  void eachFileAndPersonHasASeparatePreflight() {
    Map<String, String> kim = Map.of("PORTAGE_USER", "kim@example.com");
    assertThat(town.run("plan", "promotion.yaml").err()).contains("no worker is polling");
    assertThat(town.run(kim, "plan", "promotion.yaml").err()).contains("no worker is polling");
    repository.write("promotion.yaml", "model: churn\ntrain: train.py\n# not committed\n");
    assertThat(town.run(kim, "plan", "promotion.yaml").err()).contains("no worker is polling");

    town.working();

    Awaitility.await("all three to be looked at")
        // Abandoned calls end with noise in the test server's own threads.
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(town.laid().asked).hasSize(3));
    assertThat(
            town.laid().asked.stream()
                .map(order -> Objects.requireNonNull(order.fileHash(), "each names its file"))
                .distinct())
        .hasSize(2);
  }

  @Test
  void nothingIsStartedIfSomethingIsMissing() {
    town.laid().failed =
        Finding.failed(
            "portage.yaml:5", "pool ml-smal", "unknown; there are: ml-small", "correct its name");

    Town.Ran ran = town.working().run("start", "promotion.yaml", "--output", "json");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(json(ran.out()).path("id").asText()).isEqualTo(id());
    assertThat(json(ran.out()).path("error").path("message").asText())
        .isEqualTo("nothing was started: 1 of 2 checks failed");
    assertThat(json(ran.out()).path("error").path("remedy").asText()).isEqualTo("correct its name");
    Town.Ran text = town.run("start", "promotion.yaml");
    assertThat(text.out() + text.err())
        .contains("✗ portage.yaml:5: pool ml-smal: unknown; there are: ml-small")
        .contains("→ correct its name")
        .contains("nothing was started: 1 of 2 checks failed");
    assertThat(town.run("status", id()).code()).isEqualTo(ExitCode.WRONG);
  }

  @Test
  void anEmptyNameNamesNobody() {
    town.working();
    for (String[] typed :
        new String[][] {
          {"start", "promotion.yaml", "--by", ""},
          {"approve", id(), "--by", "  "},
          {"cancel", id(), "--by", ""}
        }) {
      Town.Ran ran = town.run(typed);

      assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
      assertThat(ran.err()).contains("--by names nobody");
    }
    assertThat(town.run("status", id()).code()).isEqualTo(ExitCode.WRONG);
  }

  @Test
  void whatTheRegistryStillKnowsIsNotRepeated() {
    town.laid().releasedBefore = id();
    town.working();

    Town.Ran ran = town.run("start", "promotion.yaml");
    Town.Ran wanted =
        town.run("start", "promotion.yaml", "--again", "--reason", "registry was emptied");

    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).contains("already released");
    assertThat(wanted.out()).contains(id() + "/2  started by");
  }

  @Test
  void aRepeatNeedsAReasonAndAnEndedPromotion() {
    town.working();
    town.run("start", "promotion.yaml");

    assertThat(town.run("start", "promotion.yaml", "--again").code()).isEqualTo(ExitCode.WRONG);
    Town.Ran beside = town.run("start", "promotion.yaml", "--again", "--reason", "impatient");
    assertThat(beside.code()).isEqualTo(ExitCode.WRONG);
    assertThat(beside.err()).contains("still running");

    town.run("reject", id(), "--by", "ben@example.com");
    assertThat(town.run("start", "promotion.yaml").code())
        .as("an ended one is reported with its exit code")
        .isEqualTo(ExitCode.REJECTED);
    assertThat(town.run("start", "promotion.yaml", "--again", "--reason", "second thoughts").out())
        .contains(id() + "/2  started by");
  }

  @Test
  void anApprovalCountsAndThePromotionEndsWell() {
    town.working().run("start", "promotion.yaml");

    Town.Ran own = town.run("approve", id());
    Town.Ran other = town.run("approve", id(), "--by", "ben@example.com", "--output", "json");
    Town.Ran end = town.run("watch", id());
    Town.Ran late = town.run("approve", id(), "--by", "ben@example.com");

    assertThat(own.code()).isEqualTo(ExitCode.WRONG);
    assertThat(own.err()).contains("ana@example.com started it and may not approve it");
    assertThat(other.code()).as(other.err()).isEqualTo(ExitCode.DONE);
    assertThat(json(other.out()).path("request").asText()).isEqualTo("prod-1");
    assertThat(end.code()).isEqualTo(ExitCode.DONE);
    assertThat(end.out()).contains("RELEASED").contains("released v4 in prod");
    assertThat(late.code()).isEqualTo(ExitCode.WRONG);
    assertThat(late.err()).contains("no request").contains("RELEASED");
  }

  @Test
  void anAcceptedDecisionThatWaitsIsNotReportedAsLost() {
    town.working().run("start", "promotion.yaml");

    Town.Ran taken = town.run("approve", id(), "--by", "ben@example.com", "--comment", "waits");

    assertThat(taken.code()).as(taken.err()).isEqualTo(ExitCode.WAITING);
    assertThat(taken.out())
        .startsWith("accepted but not applied yet")
        .contains("portage.yaml:3: unknown key")
        .contains("portage status " + id());
  }

  @Test
  void aDecisionWithoutAWorkerIsStoredAsASignalUnderTheSameId() {
    town.working().run("start", "promotion.yaml");
    town.workerGoes();

    Town.Ran unknown = town.run("approve", id(), "--by", "ben@example.com");
    Town.Ran stored =
        town.run("approve", id(), "--request", "prod-1", "--by", "ben@example.com", "--id", "mine");

    assertThat(unknown.code()).isEqualTo(ExitCode.WRONG);
    assertThat(unknown.err()).contains("name it with --request");
    assertThat(stored.code()).isEqualTo(ExitCode.WAITING);
    assertThat(stored.out()).startsWith("stored:").contains("mine");
    List<WorkflowExecutionSignaledEventAttributes> signals =
        town.client().fetchHistory(id()).getEvents().stream()
            .filter(HistoryEvent::hasWorkflowExecutionSignaledEventAttributes)
            .map(HistoryEvent::getWorkflowExecutionSignaledEventAttributes)
            .toList();
    assertThat(signals).hasSize(1);
    assertThat(signals.getFirst().getSignalName()).isEqualTo("approve");
    assertThat(signals.getFirst().getInput().getPayloads(0).getData().toStringUtf8())
        .contains("\"request\":\"prod-1\"")
        .contains("\"id\":\"mine\"");
  }

  @Test
  void aStoppedStepIsAFailureUntilSomeoneResumes() {
    repository.write("promotion.yaml", "model: stops\ntrain: train.py\n");
    commit = repository.commit("stops");
    String id = "promotion/stops/" + commit.substring(0, 12);

    Town.Ran ran = town.working().run("start", "promotion.yaml");
    Town.Ran resumed = town.run("resume", "stops/" + commit.substring(0, 12));

    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.out()).contains("run notebooks/train.py failed in workspace dev: ValueError");
    assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
    assertThat(town.run("status", id).out()).contains("WAITING");
  }

  @Test
  void aMissingWorkerIsReportedAndNothingIsStarted() {
    Town.Ran ran = town.run("start", "promotion.yaml");

    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err())
        .contains("no worker is polling task queue portage at 127.0.0.1:")
        .contains("portage worker");
    assertThat(town.run("status", id()).code()).isEqualTo(ExitCode.WRONG);
  }

  @Test
  @Tag("S3.10")
  void aPullRequestPlansAndNeverPromotes() {
    Map<String, String> pullRequest = Map.of("TF_BUILD", "True", "BUILD_REASON", "PullRequest");

    Town.Ran ran = town.working().run(pullRequest, "start", "promotion.yaml");

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out())
        .contains("pull request: planning only, never promoting")
        .contains("alias champion  version 3 → <new version>");
    assertThat(town.run("status", id()).code()).isEqualTo(ExitCode.WRONG);
  }

  @Test
  void aPipelineGetsLoggingCommandsAndStaysGreenWhilePeopleDecide(@TempDir Path agent)
      throws IOException {
    Map<String, String> pipeline =
        Map.of(
            "TF_BUILD", "True", "BUILD_BUILDID", "4711", "AGENT_TEMPDIRECTORY", agent.toString());

    Town.Ran ran =
        town.working().run(pipeline, "start", "promotion.yaml", "--output", "azure-devops");
    Town.Ran strict =
        town.run(pipeline, "start", "promotion.yaml", "--output", "azure-devops", "--strict");

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(strict.code()).isEqualTo(ExitCode.WAITING);
    assertThat(ran.out())
        .contains("##vso[task.setvariable variable=promotionId;isOutput=true]" + id())
        .contains("##vso[task.setvariable variable=state;isOutput=true]WAITING")
        .contains("##vso[task.uploadsummary]" + agent)
        .as("what a notebook wrote is no order")
        .doesNotContain("##vso[task.complete");
    try (var files = Files.list(agent)) {
      assertThat(files.findFirst().map(PortageCommandTest::read).orElse(""))
          .contains("# churn: WAITING")
          .contains("portage approve " + id());
    }
  }

  @Test
  void aServerWithoutListsIsReported() {
    Town.Ran ran = town.run("list", "--waiting");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("can't list workflows");
  }

  @Test
  void theDoctorReportsEveryFindingWithItsCommand() {
    town.working();
    Town.Ran well = town.run("doctor");
    town.laid().failed =
        Finding.failed("workspace prod", "right", "cannot create jobs", "databricks grants …");
    Town.Ran lacking = town.run("doctor", "--output", "json");

    assertThat(well.code()).as(well.out() + well.err()).isEqualTo(ExitCode.DONE);
    assertThat(well.out()).contains("✓ workspace dev: login").contains("search attributes");
    assertThat(lacking.code()).isEqualTo(ExitCode.FAILED);
    assertThat(json(lacking.out()).path("passed").asBoolean(true)).isFalse();
    assertThat(json(lacking.out()).path("error").path("remedy").asText())
        .isEqualTo("databricks grants …");
    assertThat(town.run("doctor").out()).contains("→ databricks grants …");
  }

  @Test
  void theDoctorInspectsAFilesJobsOnlyIfGivenOne() {
    town.working();

    Town.Ran without = town.run("doctor");
    assertThat(town.laid().asked)
        .singleElement()
        .satisfies(order -> assertThat(order.file()).isNull());
    town.laid().asked.clear();
    Town.Ran with = town.run("doctor", "promotion.yaml");

    assertThat(without.code()).as(without.out() + without.err()).isEqualTo(ExitCode.DONE);
    assertThat(with.code()).as(with.out() + with.err()).isEqualTo(ExitCode.DONE);
    assertThat(town.laid().asked).hasSize(2);
    assertThat(town.laid().asked.getFirst().file()).isNull();
    assertThat(town.laid().asked.getLast().file()).isNotNull();
    assertThat(with.out()).containsOnlyOnce("workspace dev: login");
    assertThat(town.run("doctor", "absent.yaml").code()).isEqualTo(ExitCode.WRONG);
  }

  @Test
  void usageErrorsSayWhatIsAllowed() {
    assertThat(town.run("start", "--again").code()).isEqualTo(ExitCode.WRONG);
    assertThat(town.run("rollback", "churn").code()).isEqualTo(ExitCode.WRONG);
    assertThat(town.run("status", "churn/1", "--output", "yaml").err())
        .contains("allowed: text, json, azure-devops");
    assertThat(town.run("start", "absent.yaml").err())
        .contains("no file absent.yaml", "; this checkout has: ", "promotion.yaml");
    assertThat(town.run("plan", ".").err()).contains(". is a folder").contains("promotion.yaml");
    assertThat(town.run("start", "--help").out()).contains("--wait-for");
  }

  /** A screen shows the end of what was printed. */
  @Test
  void usageErrorsEndWithWhereTheHelpIsAndDontPrintIt() {
    assertThat(town.run("start", "--comit", "x").err())
        .isEqualTo(
            "Unknown option: '--comit'\nPossible solutions: --commit\nsee: portage start --help\n");
    assertThat(town.run("approve", "a/1", "b/2").err())
        .isEqualTo("unexpected argument 'b/2'\nsee: portage approve --help\n");
    assertThat(town.run("frobnicate", "churn").err())
        .startsWith("there is no command 'frobnicate'")
        .endsWith("see: portage --help\n")
        .doesNotContain("Usage:");
    assertThat(town.run("copy").err())
        .startsWith("Missing required")
        .endsWith("see: portage copy --help\n")
        .hasLineCount(2);
  }

  private static JsonNode json(String text) {
    try {
      return Payloads.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
