package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.checkout.TemporaryRepository;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code portage} alone prints, from an empty folder to a release. */
class HereCommandTest {

  private static final String FILE = "model: churn\ntrain: train.py\n";

  private final Path folder;

  HereCommandTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void suggestsARepositoryWhereThereIsNone() {
    Town.Ran ran = alone();

    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).contains("no Git repository here").contains("portage init");
  }

  @Test
  void suggestsAFileForARepositoryWithoutOne() {
    new TemporaryRepository(folder);

    assertThat(alone().out())
        .contains("has no promotion.yaml")
        .contains("portage init")
        .doesNotContain("portage start");
  }

  @Test
  void suggestsTheSandboxWithoutAServer() {
    new TemporaryRepository(folder).write("promotion.yaml", FILE).commit("churn");

    assertThat(alone().out()).contains("promotion.yaml: model churn").contains("portage sandbox");
  }

  @Test
  void aFileWithAnErrorShowsIt() {
    new TemporaryRepository(folder).write("promotion.yaml", "model: churn\ntrian: x\n").commit("x");

    assertThat(alone().out()).contains("✗").contains("trian").contains("train");
  }

  @Test
  void leadsFromStartToApproveToTheReport() throws IOException {
    TemporaryRepository repository = new TemporaryRepository(folder);
    repository
        .write("promotion.yaml", FILE)
        .write("train.py", "# Databricks notebook source\n")
        .commit("churn");
    repository.git("remote", "add", "origin", "https://github.com/team/models.git");
    try (Town town = new Town(folder).working()) {
      assertThat(town.run().out())
          .contains("no promotion of this checkout")
          .contains("portage start promotion.yaml");

      town.run("start", "promotion.yaml");
      assertThat(town.run().out())
          .contains("WAITING")
          .contains("portage approve")
          .doesNotContain("portage start");
      assertThat(town.run(folder.resolve("."), Map.of()).out()).contains("portage approve");

      town.run("approve", "--by", "ben@example.com");
      town.run("watch");
      assertThat(town.run().out()).contains("RELEASED").contains("portage report");

      repository.write("train.py", "# Databricks notebook source\nnew = 1\n").commit("better");
      assertThat(town.run().out()).contains("portage start promotion.yaml");
    }
  }

  @Test
  void aReleaseThatItsWatchTookBackIsShownAsThat() throws IOException {
    String id = new TemporaryRepository(folder).commitPromotion("churn");
    try (Town town = new Town(folder).working()) {
      town.run("start", "promotion.yaml");
      town.run("approve", "--by", "ben@example.com");
      town.run("watch");
      assertThat(town.run("status").out()).doesNotContain("since then");
      town.client()
          .newUntypedWorkflowStub(
              "LiveWatchWorkflow",
              WorkflowOptions.newBuilder()
                  .setWorkflowId("watch/prod/churn/4")
                  .setTaskQueue("portage")
                  .build())
          .start(null, null);
      town.run("watch", "watch/prod/churn/4");

      String broken = "since then: watch/prod/churn/4  REJECTED, ";
      assertThat(town.run().out()).contains(id + "  RELEASED").contains(broken);
      assertThat(town.run("status").out()).contains(broken);
    }
  }

  @Test
  void filesOfTestsAndOfToolsAreNotModelsOfTheCheckout() throws IOException {
    String other = FILE.replace("churn", "fixture");
    new TemporaryRepository(folder)
        .write("models/churn/promotion.yaml", FILE)
        .write("src/test/resources/promotion.yaml", other)
        .write("models/churn/tests/promotion.yaml", other)
        .write("build/promotion.yaml", other)
        .commit("churn");

    assertThat(alone().out())
        .contains("models/churn/promotion.yaml: model churn")
        .doesNotContain("fixture");
    assertThat(new Terminal(folder.resolve("src/test/resources"), Map.of()).run().out())
        .as("for whoever stands there")
        .contains("model fixture");
  }

  @Test
  void aStopIsOneLineAndOffersWhatHelps() throws IOException {
    try (Town town = started("stops")) {
      assertThat(town.run().out())
          .contains("STOPPED, stopped at train: ValueError: no rows")
          .doesNotContain("in cell 3")
          .contains("portage resume");
    }
  }

  @Test
  void whereOnlyANewCommitHelpsNoResumeIsOffered() throws IOException {
    try (Town town = started("errs")) {
      assertThat(town.run().out())
          .doesNotContain("portage resume")
          .contains("git commit --all")
          .contains("portage cancel");
    }
  }

  @Test
  void momentsAreInTheZoneOfThisMachine() throws IOException {
    try (Town town = started("churn")) {
      assertThat(town.run().out())
          .contains("waiting for approval prod-1 until 20")
          .doesNotContainPattern("until \\S+T\\S+Z");
    }
  }

  private Town started(String model) throws IOException {
    new TemporaryRepository(folder).commitProject(model);
    Town town = new Town(folder).working();
    town.run("start", "promotion.yaml");
    return town;
  }

  @Test
  void aNamedSandboxCountsForEveryCommandAndBeforeIt() {
    for (String[] typed :
        List.of(
            new String[] {"list", "--sandbox", "absent"},
            new String[] {"--sandbox", "absent", "list"},
            new String[] {"--output", "json", "--sandbox=absent", "list"})) {
      Town.Ran ran = new Terminal(folder, Map.of()).run(typed);

      assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
      assertThat(ran.out() + ran.err()).contains("no sandbox").contains("absent");
    }
  }

  private Town.Ran alone() {
    return new Terminal(folder, Map.of()).run(List.<String>of().toArray(String[]::new));
  }
}
