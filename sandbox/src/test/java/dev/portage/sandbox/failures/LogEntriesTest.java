package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.sandbox.failures.LogEntries.Entry;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogEntriesTest {

  @Test
  void whatWasAddedCountsThoughTheOldestAreListedNoMore() {
    LogEntries before = entries("ROLLBACK 2", "QUARANTINE 2", "ROLLBACK 1", "QUARANTINE 1");
    LogEntries after = entries("ROLLBACK 3", "QUARANTINE 3", "ROLLBACK 2", "QUARANTINE 2");

    assertThat(after.since(before, "ROLLBACK")).isEqualTo(1);
    assertThat(after.since(before, "QUARANTINE")).isEqualTo(1);
    assertThat(after.since(before, "FREEZE")).isZero();
    assertThat(before.since(before, "ROLLBACK")).isZero();
  }

  @Test
  void anEntryThatIsListedTwiceCountsTwice() {
    assertThat(entries("FREEZE 1", "FREEZE 1", "RELEASE 1").since(entries("RELEASE 1"), "FREEZE"))
        .isEqualTo(2);
  }

  @Test
  void entriesThatDoNotReachBackAreNotCounted() {
    assertThatThrownBy(() -> entries("ROLLBACK 9").since(entries("ROLLBACK 1"), "ROLLBACK"))
        .hasMessageContaining("reach back");
    assertThat(entries("ROLLBACK 1").since(entries(), "ROLLBACK")).isEqualTo(1);
  }

  @Test
  void theNewestOrderSaysWhetherPromotionsAreHeld() {
    assertThat(entries("ROLLBACK 1", "FREEZE 2", "UNFREEZE 1").isHeld()).isTrue();
    assertThat(entries("UNFREEZE 2", "FREEZE 2", "FREEZE 1").isHeld()).isFalse();
    assertThat(entries("RELEASE 1").isHeld()).isFalse();
  }

  /** Entries by kind and id, newest first. */
  private static LogEntries entries(String... all) {
    return new LogEntries(
        Arrays.stream(all)
            .map(one -> List.of(one.split(" ")))
            .map(one -> new Entry(one.getFirst(), one.getLast(), "then"))
            .toList());
  }
}
