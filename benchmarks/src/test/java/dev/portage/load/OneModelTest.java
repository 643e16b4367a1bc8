package dev.portage.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneModelTest {
  private static final Instant DECIDED = Instant.parse("2026-11-29T08:00:00Z");

  @Test
  void turnsOneAfterAnotherAreExact() {
    assertThat(OneModel.oneTurnAtATime(List.of(turn(10, 12), turn(1, 4), turn(4, 9))))
        .isEqualTo("3 turns, no two at the same time");
  }

  @Test
  void twoTurnsAtOnceAreNot() {
    assertThatThrownBy(() -> OneModel.oneTurnAtATime(List.of(turn(1, 5), turn(4, 9))))
        .isInstanceOf(LoadException.class)
        .hasMessageStartingWith("two turns at once");
  }

  @Test
  void neitherIsAPromotionThatWentWithoutATurn() {
    assertThatThrownBy(() -> OneModel.oneTurnAtATime(List.of(history(List.of(ran("Mark", 3, 4))))))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("without AwaitGrant");
  }

  /** Granted at one second, the champion moved at another, and the origin marked later. */
  private static History turn(long granted, long moved) {
    return history(
        List.of(
            ran("AwaitGrant", 0, granted),
            ran("Look", granted, granted),
            ran("Mark", granted, moved),
            ran("Mark", moved, moved + 20)));
  }

  private static History history(List<History.Ran> activities) {
    return new History(DECIDED, null, DECIDED, activities, activities.size());
  }

  private static History.Ran ran(String type, long started, long ended) {
    return new History.Ran(
        type,
        "portage/prod",
        DECIDED.plusSeconds(started),
        DECIDED.plusSeconds(started),
        DECIDED.plusSeconds(ended),
        1);
  }
}
