package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.checkout.TemporaryRepository;
import dev.portage.registry.Marking;
import dev.portage.settings.Concurrency;
import dev.portage.settings.Identity;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import dev.portage.underway.Contender;
import dev.portage.underway.UnderwayState;
import dev.portage.underway.UnderwayWorkflow;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code plan} and {@code start} say of promotions that are under way. */
@Timeout(120)
class RivalsTest {

  private final TemporaryRepository repository;
  private final String first;
  @AutoClose private final Town town;

  RivalsTest(@TempDir Path folder) throws IOException {
    repository = new TemporaryRepository(folder);
    first = repository.commitProject("churn");
    town = new Town(folder).working();
  }

  @Test
  void aPlanOfACommitThatIsPromotedAlreadySaysWhereItsPromotionStands() {
    String id = id(first);
    assertThat(town.run("plan").out()).doesNotContain("its promotion exists");
    town.run("start");

    assertThat(town.run("plan").out())
        .contains("its promotion exists, and is RUNNING, so a start attaches to it")
        .contains("portage status " + id);
    town.run("approve", id, "--by", "kim@example.com");
    town.run("watch", id);
    assertThat(town.run("plan").out())
        .contains("its promotion exists, and is RELEASED, so a start starts no other one");
  }

  @Test
  void aPlanAndAStartNameTheOlderPromotionThatIsSuperseded() {
    town.run("start");
    isUnderWay(first, Concurrency.SUPERSEDE);
    String newer = repository.write("train.py", "# Databricks notebook source\nx\n").commit("x");
    String says =
        "a start supersedes "
            + id(first)
            + " (RUNNING, commit "
            + first.substring(0, 12)
            + "), unless that one goes live first";

    assertThat(town.run("plan").out()).contains(id(newer)).contains(says);
    assertThat(town.run("start").out()).contains(id(newer) + "  started by").contains(says);
  }

  @Test
  void whereOnlyOneMayBeUnderWayAPlanNamesIt() {
    town.run("start");
    isUnderWay(first, Concurrency.REFUSE);
    repository.write("train.py", "# Databricks notebook source\nx\n").commit("x");

    assertThat(town.run("plan").out())
        .contains("a start is refused while " + id(first) + " (RUNNING, commit ");
  }

  private void isUnderWay(String commit, Concurrency policy) {
    town.laid().settings =
        Settings.of(
                "churn",
                List.of(
                    new Station("dev", "databricks", Set.of(), "churn", Marking.STAGES),
                    new Station("prod", "databricks", Set.of(), "churn", Marking.ALIASES)),
                "experiment",
                Identity.CLAIMED,
                Duration.ofMinutes(1))
            .concurrency(policy)
            .build();
    UnderwayWorkflow underway =
        town.client()
            .newWorkflowStub(
                UnderwayWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(UnderwayWorkflow.idOf("prod", "churn"))
                    .setTaskQueue(Queues.PORTAGE)
                    .build());
    WorkflowClient.start(
        underway::run,
        new UnderwayState(
            List.of(
                new Contender(
                    id(commit), commit, null, "dev/churn", null, false, policy, Instant.EPOCH)),
            null));
  }

  private static String id(String commit) {
    return "promotion/churn/" + commit.substring(0, 12);
  }
}
