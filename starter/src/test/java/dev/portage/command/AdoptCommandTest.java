package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code portage adopt}: shows what would be recorded, asks once, records it. */
@Timeout(120)
class AdoptCommandTest {

  @AutoClose private final Town town;

  AdoptCommandTest(@TempDir Path folder) throws IOException {
    town = new Town(folder).working();
  }

  @Test
  void itShowsWhatWouldBeRecordedAndAsksOnce() {
    Town.Ran adopted = town.typing("y", "adopt", "churn", "--workspace", "prod");

    assertThat(adopted.code()).as(adopted.err()).isEqualTo(ExitCode.DONE);
    assertThat(adopted.out())
        .contains("release of churn in prod")
        .contains("Record this? [y/N]")
        .containsOnlyOnce("adopt/prod/churn\n")
        .contains("✓ record")
        .contains("version 3 is labelled live")
        .contains("version 3 is recorded");
  }

  @Test
  void withoutAYesNothingIsRecorded() {
    Town.Ran adopted = town.typing("", "adopt", "churn", "--workspace", "prod");

    assertThat(adopted.code()).isEqualTo(ExitCode.REJECTED);
    assertThat(adopted.out()).contains("nothing was recorded").doesNotContain("✓ record");
  }

  @Test
  void whereNobodyCanBeAskedYesHasToBeSaid() {
    Town.Ran adopted = town.run("adopt", "churn", "--workspace", "prod");

    assertThat(adopted.code()).isEqualTo(ExitCode.WRONG);
    assertThat(adopted.err()).contains("nobody can be asked here").contains("--yes");
    assertThat(town.run("adopt", "churn", "--workspace", "prod", "--yes").code())
        .isEqualTo(ExitCode.DONE);
  }

  @Test
  void aDryRunAsksNobody() {
    Town.Ran looked = town.run("adopt", "churn", "--workspace", "prod", "--dry-run");

    assertThat(looked.code()).as(looked.err()).isEqualTo(ExitCode.DONE);
    assertThat(looked.out())
        .contains("release of churn in prod")
        .contains("dry run; nothing was changed");
  }

  @Test
  void whatIsRecordedAlreadyIsNoFailure() {
    Town.Ran adopted = town.run("adopt", "known", "--workspace", "prod");

    assertThat(adopted.code()).as(adopted.err()).isEqualTo(ExitCode.DONE);
    assertThat(adopted.out()).contains("version 3 is recorded already; nothing was changed");
  }

  @Test
  void aMissingModelIsTheUsersError() {
    Town.Ran adopted = town.run("adopt", "gone", "--workspace", "prod", "--yes");

    assertThat(adopted.code()).isEqualTo(ExitCode.WRONG);
    assertThat(adopted.err()).contains("there is no model gone");
  }

  @Test
  void oneThatStopsSaysHowToContinueAndIsResumed() {
    Town.Ran stopped = town.run("adopt", "stuck", "--workspace", "prod", "--yes");

    assertThat(stopped.code()).isEqualTo(ExitCode.WAITING);
    assertThat(stopped.out())
        .contains("you may not set tags")
        .contains("to continue: portage resume adopt/prod/stuck");

    Town.Ran resumed = town.run("resume", "adopt/prod/stuck");
    assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
    assertThat(resumed.out()).contains("resumed by ana@example.com");
  }

  @Test
  void itIsShownReportedFollowedAndCancelledAsAPromotionIs() throws IOException {
    assertThat(town.run("adopt", "stuck", "--workspace", "prod", "--yes").code())
        .isEqualTo(ExitCode.WAITING);

    Town.Ran status = town.run("status", "adopt/prod/stuck");
    assertThat(status.code()).isEqualTo(ExitCode.FAILED);
    assertThat(status.out())
        .contains("Adopt stuck in prod: STOPPED")
        .contains("release of churn in prod")
        .contains("you may not set tags")
        .contains("portage resume adopt/prod/stuck");
    assertThat(town.run("report", "adopt/prod/stuck", "--output", "markdown").out())
        .contains("# Adopt stuck in prod");
    assertThat(
            Payloads.mapper()
                .readTree(town.run("status", "adopt/prod/stuck", "--output", "json").out())
                .path("id")
                .asText())
        .isEqualTo("adopt/prod/stuck");

    Town.Ran cancelled = town.run("cancel", "adopt/prod/stuck", "--reason", "not ours");

    assertThat(cancelled.code()).as(cancelled.err()).isEqualTo(ExitCode.DONE);
    assertThat(cancelled.out()).contains("adopt/prod/stuck  CANCELLED");
    Town.Ran watched = town.run("watch", "adopt/prod/stuck");
    assertThat(watched.code()).isEqualTo(ExitCode.FAILED);
    assertThat(watched.out()).contains("cancelled by").contains("not ours");
    assertThat(town.run("cancel", "adopt/prod/stuck").err()).contains("has ended");
    assertThat(town.run("resume", "adopt/prod/stuck", "--by", "kim@example.com").err())
        .containsPattern(
            "adopt/prod/stuck has ended: it is CANCELLED since 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC,"
                + " cancelled by .*not ours");
    assertThat(town.run("resume", "adopt/prod/none", "--by", "kim@example.com").err())
        .contains("adopt/prod/none does not exist; list what was adopted with: portage history");
    Town.Ran none = town.run("status", "adopt/prod/nothing");
    assertThat(none.code()).isEqualTo(ExitCode.WRONG);
    assertThat(none.err()).contains("adopt/prod/nothing does not exist");
  }

  @Test
  void nobodyApprovesOrBreaksAFreezeForOne() {
    assertThat(town.run("adopt", "stuck", "--workspace", "prod", "--yes").code())
        .isEqualTo(ExitCode.WAITING);

    for (String verb : List.of("approve", "reject")) {
      Town.Ran decided = town.run(verb, "adopt/prod/stuck", "--by", "kim@example.com");
      assertThat(decided.code()).isEqualTo(ExitCode.WRONG);
      assertThat(decided.err()).contains("is an adoption, which asks nobody");
    }
    Town.Ran broken =
        town.run("resume", "adopt/prod/stuck", "--break-glass", "--reason", "it must go live");
    assertThat(broken.code()).isEqualTo(ExitCode.WRONG);
    assertThat(broken.err()).contains("no freeze holds up adopt/prod/stuck");
  }

  @Test
  void aRefusalIsAnErrorDocument() throws IOException {
    Town.Ran refused = town.run("adopt", "gone", "--workspace", "prod", "--output", "json");

    JsonNode document = Payloads.mapper().readTree(refused.out());
    assertThat(document.at("/error/code").asText()).isEqualTo("refused");
    assertThat(document.at("/error/message").asText()).contains("there is no model gone");
    assertThat(document.path("exit").asInt()).isEqualTo(refused.code()).isEqualTo(ExitCode.WRONG);
    assertThat(refused.err()).isEmpty();
  }

  @Test
  void jsonIsOneDocumentWithTheIdFirst() throws IOException {
    Town.Ran adopted =
        town.run(
            "adopt", "churn", "--workspace", "prod", "--as", "sugar", "--yes", "--output", "json");

    assertThat(adopted.out()).startsWith("{\n  \"id\" : \"adopt/prod/churn\"");
    JsonNode document = Payloads.mapper().readTree(adopted.out());
    assertThat(document.at("/start/as").asText()).isEqualTo("sugar");
    assertThat(document.path("state").asText()).isEqualTo("DONE");
    assertThat(document.at("/plan/version").asText()).isEqualTo("3");
    assertThat(document.at("/course/steps/1/name").asText()).isEqualTo("record");
  }
}
