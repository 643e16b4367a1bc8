package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.approval.DecisionMessage;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.temporal.Payloads;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code portage proceed} and {@code portage abort}: orders about traffic, and nothing else. */
@Timeout(120)
class TrafficCommandTest {

  private static final String MOVES = "promotion/serves/x";

  @AutoClose private final Town town;

  TrafficCommandTest(@TempDir Path folder) throws IOException {
    town = new Town(folder).working();
  }

  @Test
  void twoPeopleOrderAndTheLaterAbortStopsIt() {
    WorkflowStub promotion = town.promotion("serves");
    assertThat(view(promotion).says()).isEqualTo("5 % of the traffic");

    Town.Ran proceeds = ordered("proceed", "ben@example.com", "d-1");
    assertThat(proceeds.code()).as(proceeds.err()).isEqualTo(ExitCode.DONE);
    assertThat(proceeds.out())
        .contains(
            "ben@example.com lets prod/serve of version 4 go on: the next share of the traffic"
                + " follows without another look");
    assertThat(view(promotion).says()).isEqualTo("50 % of the traffic");

    // The same id is another order's: it is heard.
    Town.Ran aborts = ordered("abort", "kim@example.com", "d-1");
    assertThat(aborts.code()).as(aborts.err()).isEqualTo(ExitCode.DONE);
    assertThat(aborts.out()).contains("kim@example.com aborts prod/serve of version 4");
    PromotionView stopped = view(promotion);
    assertThat(stopped.state()).isEqualTo(PromotionState.STOPPED);
    assertThat(stopped.says()).endsWith("aborted by kim@example.com");

    Town.Ran late = ordered("proceed", "ben@example.com", "d-2");
    assertThat(late.code()).isEqualTo(ExitCode.WRONG);
    assertThat(late.err()).contains("it is aborted already");
    assertThat(view(promotion).state()).isEqualTo(PromotionState.STOPPED);
  }

  @Test
  void aProceedThatIsSentTwiceCountsOnce() {
    WorkflowStub promotion = town.promotion("serves");
    view(promotion);

    ordered("proceed", "ben@example.com", "d-1");
    Town.Ran again = ordered("proceed", "ben@example.com", "d-1");

    assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.DONE);
    assertThat(view(promotion).says()).isEqualTo("50 % of the traffic");
  }

  @Test
  void asSignalsTheyAreHeardAsWell() {
    WorkflowStub promotion = town.promotion("serves");
    view(promotion);

    promotion.signal("proceed", new DecisionMessage(null, "ben@example.com", null, "d-1", null));
    assertThat(view(promotion).says()).isEqualTo("50 % of the traffic");
    promotion.signal("abort", new DecisionMessage(null, "kim@example.com", null, "d-2", null));

    assertThat(view(promotion).state()).isEqualTo(PromotionState.STOPPED);
  }

  @Test
  void neitherAnswersARequestNorResumesAnything() {
    WorkflowStub waits = town.promotion("churn");
    view(waits);
    WorkflowStub stopped = town.promotion("stops");
    view(stopped);

    for (String verb : new String[] {"proceed", "abort"}) {
      for (String id : new String[] {"promotion/churn/x", "promotion/stops/x"}) {
        Town.Ran refused = town.run(verb, id, "--by", "ben@example.com");
        assertThat(refused.code()).as(refused.out()).isEqualTo(ExitCode.WRONG);
        assertThat(refused.err()).contains("no version is being given traffic now");
      }
    }

    assertThat(view(waits).state()).isEqualTo(PromotionState.WAITING);
    assertThat(view(stopped).state()).isEqualTo(PromotionState.STOPPED);
  }

  @Test
  @Tag("S3.20")
  @Tag("S3.24")
  void whereItsEndpointTakesRequestsAndWhetherItAnswersIsInTheReportAndForThePipeline(
      @TempDir Path agent) throws IOException {
    WorkflowStub promotion = town.promotion("serves");
    view(promotion);
    ordered("proceed", "ben@example.com", "d-1");
    view(promotion);
    ordered("proceed", "ben@example.com", "d-2");
    Town.Ran approved = town.run("approve", MOVES, "--by", "kim@example.com");
    assertThat(approved.code()).as(approved.err()).isEqualTo(ExitCode.DONE);
    promotion.getResult(PromotionView.class);

    String address = "https://prod.example.com/serving-endpoints/serves/invocations";
    assertThat(town.run("report", MOVES).out()).contains(address).contains("READY");
    JsonNode live =
        Payloads.mapper()
            .readTree(town.run("report", MOVES, "--output", "json").out())
            .at("/releases/0/live/0/values");
    assertThat(live.path("address").asText()).isEqualTo(address);
    assertThat(live.path("ready").asText()).isEqualTo("READY");
    assertThat(
            town.run(
                    Map.of("TF_BUILD", "True", "AGENT_TEMPDIRECTORY", agent.toString()),
                    "report",
                    MOVES,
                    "--output",
                    "azure-devops")
                .out())
        .contains("##vso[task.setvariable variable=scoringUri;isOutput=true]" + address)
        .contains("##vso[task.setvariable variable=endpointState;isOutput=true]READY");
  }

  @Test
  void afterTheEndItIsSaidHowItEnded() {
    WorkflowStub promotion = town.promotion("churn");
    view(promotion);
    town.run("approve", "promotion/churn/x", "--by", "kim@example.com");
    promotion.getResult(PromotionView.class);

    for (String verb : new String[] {"proceed", "abort"}) {
      Town.Ran late = town.run(verb, "promotion/churn/x", "--by", "ben@example.com");
      assertThat(late.code()).as(late.out()).isEqualTo(ExitCode.WRONG);
      assertThat(late.err())
          .containsPattern(
              "promotion/churn/x has ended: it is RELEASED since 20\\d\\d-.* UTC, released v4 in prod");
    }
  }

  private Town.Ran ordered(String verb, String by, String id) {
    return town.run(verb, MOVES, "--by", by, "--id", id);
  }

  /** Also makes sure that the promotion has run until it waits. */
  private static PromotionView view(WorkflowStub promotion) {
    return promotion.query("status", PromotionView.class);
  }
}
