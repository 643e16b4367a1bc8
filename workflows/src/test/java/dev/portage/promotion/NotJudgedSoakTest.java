package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.serving.MetricsSample;
import dev.portage.serving.ProbeResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A version that nothing can be sent to, and that hardly anybody asks. */
@Timeout(180)
class NotJudgedSoakTest extends ServingScene {

  private static final String NOT_JUDGED = "So this step was NOT JUDGED by any look";

  @Test
  void aStepThatNothingJudgedSaysSoAndWhy() {
    isServed();
    endpoints.answers =
        order ->
            new ProbeResult(
                0,
                0,
                List.of(),
                null,
                null,
                0,
                0,
                new MetricsSample(share() >= 50 ? 400.0 : 0, 0.0, 0.0, 9.0, true, null));

    List<String> notices = released(approved()).notices();

    assertThat(notices)
        .filteredOn(notice -> notice.startsWith("version 1 at 5 % of endpoint diabetes: "))
        .singleElement()
        .asString()
        .contains("not judged: no requests by Portage, since there is nothing to send")
        .contains("the version had 0 requests in the last minute. " + NOT_JUDGED)
        .endsWith("Log the model with an input example, or give the file cases");
    assertThat(notices)
        .as("enough requests of others")
        .filteredOn(notice -> notice.startsWith("version 1 at 50 % of endpoint diabetes: "))
        .singleElement()
        .asString()
        .contains("the version had 400 requests")
        .doesNotContain(NOT_JUDGED);
  }
}
