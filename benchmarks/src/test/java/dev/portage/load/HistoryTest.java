package dev.portage.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Instant DECIDED = Instant.parse("2026-11-29T08:00:00Z");

  @Test
  void overlappingActivitiesCountOnce() {
    History history =
        history(ran("A", 0, 1, 4), ran("B", 0, 2, 6), ran("C", 0, 3, 5), ran("D", 7, 8, 9));

    assertThat(history.insideActivities()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void whatRanBeforeTheDecisionDoesNotCount() {
    assertThat(history(ran("A", -9, -8, -1), ran("B", 1, 2, 3)).insideActivities())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theNextStepBeginsWithTheFirstActivitySinceTheDecision() {
    assertThat(history(ran("A", -9, -8, -1), ran("B", 4, 5, 6), ran("C", 7, 8, 9)).nextStep())
        .contains(DECIDED.plusSeconds(4));
  }

  @Test
  void withoutAnActivitySinceTheDecisionThereIsNoNextStep() {
    assertThat(history(ran("A", -9, -8, -1)).nextStep()).isEmpty();
  }

  private static History history(History.Ran... activities) {
    return new History(
        DECIDED.minusSeconds(60), null, DECIDED, Arrays.asList(activities), activities.length);
  }

  private static History.Ran ran(String type, long scheduled, long started, long ended) {
    return new History.Ran(
        type,
        "portage",
        DECIDED.plusSeconds(scheduled),
        DECIDED.plusSeconds(started),
        DECIDED.plusSeconds(ended),
        1);
  }
}
