package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code portage freeze}, {@code unfreeze} and {@code lift}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class OrderCommandTest {

  private static final String UNTIL = "2999-12-31T18:00Z";

  private Town town;

  @BeforeAll
  void aTown(@TempDir Path folder) throws IOException {
    town = new Town(folder).working();
  }

  @AfterAll
  void theTownCloses() throws IOException {
    town.close();
  }

  @Test
  void aWorkspaceIsFrozenByWhomUntilWhenAndWhy() {
    Town.Ran ran = town.run("freeze", "prod", "--until", UNTIL, "--reason", "year end");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out())
        .contains("freeze prod until 2999-12-31 18:00")
        .contains("ordered by ana@example.com: year end")
        .doesNotContain("\u001b");
  }

  @Test
  void aTimeThatClocksSkipNeedsItsOffsetAndNothingElseIsSaid() {
    Town.Ran ran =
        town.run("freeze", "prod", "--until", "2999-03-31 02:30 Europe/Berlin", "--reason", "x");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err())
        .contains("write the time with its offset instead of the zone: 2999-03-31T02:30+01:00 or")
        .doesNotContain("write a time with its zone");
  }

  @Test
  void aLiftInABlankWorkspaceIsNotOfferedAll() {
    Town.Ran ran = town.run("lift", "churn", "v4", "--workspace", " ", "--reason", "fixed");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("or leave it out").doesNotContain("or all");
  }

  @Test
  void ofAllWorkspacesTheOneThatDoesNotAnswerMakesItAFailure() throws IOException {
    Town.Ran ran = town.run("freeze", "all", "--until", UNTIL, "--reason", "year end");

    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.out())
        .contains("dev: not done: no worker polls task queue portage/dev")
        .contains("portage worker --workspaces dev")
        .contains("freeze all workspaces");
    assertThat(ran.err()).contains("not done in 1 of 2 workspaces");

    JsonNode document =
        json("freeze", "all", "--until", UNTIL, "--reason", "year end", "--by", "ben@example.com");
    assertThat(document.path("exit").asInt()).isEqualTo(ExitCode.FAILED);
    assertThat(document.path("id").asText()).startsWith("freeze/all/");
    assertThat(document.path("by").asText()).isEqualTo("ben@example.com");
    assertThat(document.path("until").asText()).isEqualTo("2999-12-31T18:00:00Z");
    assertThat(document.path("workspaces")).hasSize(2);
    assertThat(document.path("workspaces").path(1).path("freezes")).hasSize(1);
    assertThat(document.path("error").path("message").asText()).contains("no worker polls");
  }

  @Test
  void aFreezeThatTheFileHoldsIsEndedThere() {
    Town.Ran ran = town.run("unfreeze", "filed", "--reason", "over");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("remove its entry at portage.yaml:31");
  }

  @Test
  void anUnknownWorkspaceIsAnsweredWithTheKnownOnes() throws IOException {
    Town.Ran ran = town.run("unfreeze", "nowhere", "--reason", "over");
    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("it has no workspace nowhere").contains("dev, prod");

    JsonNode document = json("unfreeze", "nowhere", "--reason", "over");
    assertThat(document.path("exit").asInt()).isEqualTo(ExitCode.WRONG);
    assertThat(document.path("error").path("remedy").asText()).contains("dev, prod");
  }

  @Test
  @Tag("S2.35")
  void aModelIsLetGoByItsNameWhereNoWorkspaceIsCalledSo() throws IOException {
    JsonNode document = json("unfreeze", "churn", "--workspace", "prod", "--reason", "found it");
    assertThat(document.path("order").asText()).isEqualTo("unfreeze");
    assertThat(document.path("model").asText()).isEqualTo("churn");
    assertThat(document.path("workspace").asText()).isEqualTo("prod");
    assertThat(document.path("id").asText()).startsWith("unfreeze/churn/");
    assertThat(town.run("unfreeze", "prod", "--model", "prod", "--reason", "why").err())
        .contains("either a workspace or --model");
    assertThat(town.run("unfreeze", "--model", "models:/x", "--reason", "why").err())
        .contains("is not a model name");
  }

  @Test
  void aCandidateIsLifted() throws IOException {
    Town.Ran ran = town.run("lift", "churn", "v4", "--reason", "retrained");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).contains("lift v4 of churn, in every workspace that refuses it");

    JsonNode document = json("lift", "churn", "v4", "--workspace", "prod", "--reason", "retrained");
    assertThat(document.path("order").asText()).isEqualTo("lift");
    assertThat(document.path("model").asText()).isEqualTo("churn");
    assertThat(document.path("candidate").asText()).isEqualTo("v4");
    assertThat(document.path("id").asText()).startsWith("lift/churn/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2999-12-31",
        "2999-02-30T18:00Z",
        "2999-12-31 18:00 Europe/Nowhere",
        "tomorrow",
        " "
      })
  void aTimeThatIsNoneOrADayAloneIsRefused(String until) {
    Town.Ran ran = town.run("freeze", "prod", "--until", until, "--reason", "year end");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("--until").contains("such as 2026-12-31T18:00Z");
  }

  @Test
  void aTimeWithoutAZoneIsThatOfThisMachineWhichIsSaid() {
    Town.Ran ran =
        town.run("freeze", "prod", "--until", "2999-12-31 18:00", "--reason", "year end");

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).contains("freeze prod until 2999-12-31 18:00");
    assertThat(ran.err())
        .contains("\"2999-12-31 18:00\" names no time zone: taken as 2999-12-31T18:00Z");
  }

  @Test
  void aFreezeUntilYesterdayIsRefused() {
    String yesterday = Instant.now().minusSeconds(24 * 3600).toString();
    Town.Ran ran = town.run("freeze", "prod", "--until", yesterday, "--reason", "year end");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("is in the past, and nothing was changed");
  }

  @Test
  void withoutAReasonNothingIsOrdered() {
    for (String[] typed :
        new String[][] {
          {"freeze", "prod", "--until", UNTIL},
          {"freeze", "prod", "--until", UNTIL, "--reason", " "},
          {"unfreeze", "prod"},
          {"lift", "churn", "4"},
          {"lift", "churn", "4", "--reason", ""}
        }) {
      Town.Ran ran = town.run(typed);
      assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
      assertThat(ran.err()).contains("needs a reason").contains("--reason TEXT");
    }
    assertThat(town.run("unfreeze", "prod", "--reason", "x".repeat(700)).err())
        .contains("longer than 600 bytes");
  }

  @Test
  void whatIsMissingOrEmptyIsSaid() {
    assertThat(town.run("freeze", "prod", "--reason", "why").err()).contains("add: --until TIME");
    assertThat(town.run("freeze", " ", "--until", UNTIL, "--reason", "why").err())
        .contains("no workspace is named");
    assertThat(town.run("lift", "churn", " ", "--reason", "why").err())
        .contains("no candidate is named");
    assertThat(town.run("lift", "models:/churn/3", "4", "--reason", "why").err())
        .contains("is not a model name");
    assertThat(town.run("lift", "churn").code()).isEqualTo(ExitCode.WRONG);
    assertThat(town.run("unfreeze").code()).isEqualTo(ExitCode.WRONG);
    assertThat(town.run("unfreeze", "prod", "--reason", "why", "--by", " ").err())
        .contains("--by names nobody");
  }

  private JsonNode json(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--output", "json"));
    Town.Ran ran = town.run(all.toArray(String[]::new));
    assertThat(ran.err()).isEmpty();
    return new ObjectMapper().readTree(ran.out());
  }
}
