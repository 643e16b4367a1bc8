package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.checkout.TemporaryRepository;
import dev.portage.connection.CountingTemporal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waiting commands request from a server: nothing, as long as nothing happens. */
@Timeout(120)
class WatchCostTest {

  /** Polling every 50 ms would make dozens of calls in this time. */
  private static final Duration LONG = Duration.ofSeconds(2);

  private final TemporaryRepository repository;
  private final Town town;
  private final CountingTemporal server;

  WatchCostTest(@TempDir Path folder) throws IOException {
    repository = new TemporaryRepository(folder);
    repository.git("remote", "add", "origin", "https://github.com/team/models.git");
    town = new Town(folder).working();
    server = new CountingTemporal(town.address());
  }

  @AfterEach
  void theTownCloses() throws IOException {
    server.close();
    town.close();
  }

  @Test
  void watchingAWaitingPromotionMakesNoCallUntilItContinues() throws Exception {
    String id = waiting("churn");
    CompletableFuture<Town.Ran> watching = CompletableFuture.supplyAsync(() -> watch(id));
    listened();
    int queries = server.of("QueryWorkflow");
    int looks = server.of("DescribeWorkflowExecution");

    Thread.sleep(LONG);

    assertThat(server.of("QueryWorkflow") - queries).as("queries").isLessThanOrEqualTo(1);
    assertThat(server.of("DescribeWorkflowExecution") - looks).as("looks").isLessThanOrEqualTo(2);
    town.run("approve", id, "--by", "kim@example.com");
    assertThat(watching.join().code()).isEqualTo(ExitCode.DONE);
    assertThat(server.of("QueryWorkflow")).as("queries in all").isLessThanOrEqualTo(8);
  }

  @Test
  void watchingALongTrainingPollsLessAndLessOften() throws Exception {
    String id = waiting("trains");
    CompletableFuture<Town.Ran> watching = CompletableFuture.supplyAsync(() -> watch(id));
    listened();
    int looks = server.of("DescribeWorkflowExecution");

    Thread.sleep(LONG);

    // At 150 ms, 400 ms, 850 ms, 1.7 s; a fixed interval would make 13.
    assertThat(server.of("DescribeWorkflowExecution") - looks).as("looks").isLessThanOrEqualTo(6);
    town.run("approve", id, "--by", "kim@example.com");
    assertThat(watching.join().code()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aQueuedCopyIsPolledLessAndLessOften() throws Exception {
    CompletableFuture<Town.Ran> copying =
        CompletableFuture.supplyAsync(
            () -> town.run(through(), "copy", "models:/queued/7", "--from", "dev", "--to", "prod"));
    Awaitility.await("two looks")
        .dontCatchUncaughtExceptions()
        .until(() -> server.of("DescribeWorkflowExecution") > 1);
    int looks = server.of("DescribeWorkflowExecution");

    Thread.sleep(LONG);

    assertThat(server.of("DescribeWorkflowExecution") - looks).as("looks").isLessThanOrEqualTo(6);
    town.client().newUntypedWorkflowStub("copy/dev/prod/queued/7").cancel();
    assertThat(copying.join().code()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void watchFollowsAPromotionIntoItsNextRunToItsEnd() {
    String id = waiting("carries");
    CompletableFuture<Town.Ran> watching = CompletableFuture.supplyAsync(() -> watch(id));
    listened();
    String run = run(id);

    town.run("approve", id, "--by", "kim@example.com");
    Awaitility.await("the other run")
        .dontCatchUncaughtExceptions()
        .untilAsserted(() -> assertThat(run(id)).isNotEqualTo(run));
    Awaitility.await("its request")
        .dontCatchUncaughtExceptions()
        .until(() -> town.run("status", id, "--output", "json").out().contains("prod-1"));
    town.run("approve", id, "--by", "kim@example.com");

    Town.Ran watched = watching.join();
    assertThat(watched.code()).as(watched.err()).isEqualTo(ExitCode.DONE);
    assertThat(watched.out()).contains("released v4 in prod");
  }

  @Test
  void whoeverWatchesAnAdoptionThatStoppedIsToldHowToContinueIt() {
    town.run("adopt", "stuck", "--workspace", "prod", "--yes");
    CompletableFuture<Town.Ran> watching =
        CompletableFuture.supplyAsync(() -> watch("adopt/prod/stuck"));
    int looks = server.of("QueryWorkflow");
    Awaitility.await("two looks")
        .dontCatchUncaughtExceptions()
        .until(() -> server.of("QueryWorkflow") > looks + 1);

    town.run("cancel", "adopt/prod/stuck");

    Town.Ran watched = watching.join();
    assertThat(watched.code()).as(watched.err()).isEqualTo(ExitCode.FAILED);
    assertThat(watched.out())
        .contains("you may not set tags")
        .containsOnlyOnce(
            "  stopped at record; to go on: portage resume adopt/prod/stuck; watching until then,"
                + " Ctrl-C ends the watch only\n")
        .doesNotContain("to continue: ");
  }

  @Test
  void whoeverWatchesAPromotionThatStoppedIsToldWhatThatWaitsFor() {
    String id = waiting("stops");
    CompletableFuture<Town.Ran> watching = CompletableFuture.supplyAsync(() -> watch(id));
    listened();

    town.run("resume", id, "--by", "kim@example.com");
    Awaitility.await("its request")
        .dontCatchUncaughtExceptions()
        .until(() -> town.run("status", id, "--output", "json").out().contains("prod-1"));
    town.run("approve", id, "--by", "kim@example.com");

    Town.Ran watched = watching.join();
    assertThat(watched.code()).as(watched.err()).isEqualTo(ExitCode.DONE);
    assertThat(watched.out())
        .contains("ValueError: no rows")
        .containsOnlyOnce(
            "  stopped at train; to go on: portage resume "
                + id
                + "; watching until then, Ctrl-C ends the watch only\n");
  }

  @Test
  void oneCallAwaitsAPreflight() {
    commit("churn");
    Town.Ran planned = town.run(through(), "plan", "promotion.yaml");

    assertThat(planned.code()).as(planned.err()).isEqualTo(ExitCode.DONE);
    assertThat(server.of("StartWorkflowExecution")).isEqualTo(1);
    assertThat(server.of("GetWorkflowExecutionHistory")).isLessThanOrEqualTo(2);
    assertThat(server.of("QueryWorkflow")).isZero();
  }

  private String waiting(String model) {
    String commit = commit(model);
    town.run("start", "promotion.yaml");
    return "promotion/" + model + "/" + commit.substring(0, 12);
  }

  private String commit(String model) {
    return repository
        .write("promotion.yaml", "model: " + model + "\ntrain: train.py\n")
        .write("train.py", "# Databricks notebook source\nx\n")
        .commit(model);
  }

  private Town.Ran watch(String id) {
    return town.run(through(), "watch", id);
  }

  private Map<String, String> through() {
    return Map.of("TEMPORAL_ADDRESS", server.address());
  }

  private String run(String id) {
    return town.client().newUntypedWorkflowStub(id).describe().getExecution().getRunId();
  }

  private void listened() {
    Awaitility.await("someone listens")
        .dontCatchUncaughtExceptions()
        .until(() -> server.of("GetWorkflowExecutionHistory") > 0);
  }
}
