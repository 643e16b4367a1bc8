package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A released promotion with something unfinished. */
class UnfinishedTest {

  private static final String LEFT =
      "prod/release: label version 4 of leaves in prod (you may not set tags)";

  @TempDir Path folder;
  @AutoClose private Town town;

  @BeforeEach
  void aReleasedPromotion() throws IOException {
    town = new Town(folder).working();
    WorkflowStub leaves = town.promotion("leaves");
    leaves.getResult(dev.portage.promotion.PromotionView.class);
  }

  @Test
  void anUnfinishedReleaseIsGreenWithAWarningAndSaysHowToFinish() {
    Town.Ran status = town.run("status", "leaves/x");
    Town.Ran pipeline = town.run("status", "leaves/x", "--output", "azure-devops");
    Town.Ran report = town.run("report", "leaves/x", "--output", "markdown");

    assertThat(status.code()).as(status.err()).isEqualTo(ExitCode.DONE);
    assertThat(status.out())
        .contains("RELEASED")
        .contains(LEFT)
        .contains("finish it with: portage resume promotion/leaves/x");
    assertThat(pipeline.code()).isEqualTo(ExitCode.DONE);
    assertThat(pipeline.out()).contains("type=warning").contains(LEFT);
    assertThat(report.out()).contains("## Unfinished").contains("portage resume");
  }

  @Test
  void resumeFinishesItAndStatusSaysSoAlsoWithoutAWorker() {
    Town.Ran resume = town.run("resume", "leaves/x");
    town.workerGoes();
    Town.Ran status = town.run("status", "leaves/x", "--output", "json");
    Town.Ran again = town.run("resume", "leaves/x");

    assertThat(resume.code()).as(resume.err()).isEqualTo(ExitCode.DONE);
    assertThat(resume.out()).contains("finish/leaves/x").contains("✓ " + LEFT);
    assertThat(status.out()).contains("\"unfinished\"").doesNotContain("you may not set tags");
    assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.DONE);
    assertThat(again.out()).contains("has ended", "nothing is left to finish");
  }

  @Test
  void aFinishThatSomeoneEndedMayBeRetried() {
    Town.Ran ended =
        town.run(
            Map.of("PORTAGE_USER", "mallory@example.com"),
            "resume",
            "leaves/x",
            "--output",
            "json");

    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.FAILED);
    assertThat(ended.out())
        .startsWith("{\n  \"id\" : \"promotion/leaves/x\"")
        .contains("\"unfinished\" : [ {");
    assertThat(town.run(Map.of("PORTAGE_USER", "mallory@example.com"), "resume", "leaves/x").out())
        .contains("to retry: portage resume promotion/leaves/x");
    assertThat(town.run("resume", "leaves/x").code()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aFinishThatFailsAgainIsReportedAndMayBeRetried() {
    Town.Ran refused = town.run(Map.of("PORTAGE_USER", "eve@example.com"), "resume", "leaves/x");
    Town.Ran status = town.run("status", "leaves/x");
    Town.Ran again = town.run("resume", "leaves/x");

    assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.out()).contains("✗ " + LEFT);
    assertThat(status.out()).contains(LEFT);
    assertThat(again.code()).isEqualTo(ExitCode.DONE);
    assertThat(town.run("status", "leaves/x").out()).doesNotContain(LEFT);
  }
}
