package dev.portage.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What counts as a request of a soak. */
class SoakRequestsTest {

  private static final Instant BEGUN = Instant.parse("2026-11-30T12:00:00Z");

  private final SoakRequests soak = new SoakRequests(BEGUN);

  @Test
  void aMinuteThatBeganBeforeTheSoakCountsNothing() {
    after(10, 600.0);
    after(59, 600.0);

    assertThat(soak.requests()).isZero();
    assertThat(soak.first()).isEqualTo(BEGUN.plusSeconds(60));
  }

  @Test
  void theFirstMinuteOfAShortSoakCountsWhole() {
    after(10, 600.0);
    after(60, 90.0);

    assertThat(soak.requests()).isEqualTo(90);
  }

  @Test
  void minutesSideBySideAddUp() {
    after(60, 10.0);
    after(120, 20.0);
    after(180, 0.0);

    assertThat(soak.requests()).isEqualTo(30);
  }

  @Test
  void ofTwoMinutesThatOverlapTheOverlapCountsOnce() {
    after(60, 60.0);
    after(90, 60.0);

    assertThat(soak.requests()).isEqualTo(90);
  }

  @Test
  void betweenTwoLooksThatAreFarApartEachMinuteIsLikeTheLast() {
    after(120, 10.0);
    after(420, 4.0);

    assertThat(soak.requests()).isEqualTo(40);
  }

  @Test
  void whatNobodyKnowsIsNotMadeUpByTheNextLook() {
    after(60, null);
    after(120, 10.0);

    assertThat(soak.requests()).isEqualTo(10);
  }

  @Test
  void ourOwnRequestsCountNothing() {
    soak.count(BEGUN.plusSeconds(60), 5.0, 5, 1);
    soak.count(BEGUN.plusSeconds(120), 12.0, 5, 1);

    assertThat(soak.requests()).isEqualTo(7);
  }

  @Test
  void ourOwnRequestsOfTwoLooksWithinAMinuteAreBothTakenOff() {
    soak.count(BEGUN.plusSeconds(10), 5.0, 5, 1);
    soak.count(BEGUN.plusSeconds(60), 30.0, 5, 1);

    assertThat(soak.requests()).isEqualTo(20);
  }

  @Test
  void ofAGaugeThatHasNotSeenOurOwnRequestsYetNothingIsOwed() {
    soak.count(BEGUN.plusSeconds(60), 2.0, 5, 1);
    soak.count(BEGUN.plusSeconds(120), 9.0, 5, 1);

    assertThat(soak.requests()).isEqualTo(4);
  }

  @Test
  void ofTheWholeEndpointsGaugeTheVersionsShareOfWhatOthersSentCounts() {
    soak.count(BEGUN.plusSeconds(60), 110.0, 10, 0.25);

    assertThat(soak.requests()).isEqualTo(25);
  }

  private void after(int seconds, @Nullable Double lastMinute) {
    soak.count(BEGUN.plusSeconds(seconds), lastMinute, 0, 1);
  }
}
