package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimiterTest {
  private static final long MILLI = 1_000_000;

  private final AtomicLong nanos = new AtomicLong(1);
  private final Limiter limiter = new Limiter(16, nanos::get);

  @Test
  void asManyAreInFlightAsTheSettingAllowsAndNoMore() {
    List<Limiter.Slot> slots = enterAll();
    assertThat(slots).hasSize(16);

    slots.getFirst().done(1000);

    assertThat(limiter.tryEnter()).isNotNull();
    assertThat(limiter.tryEnter()).isNull();
  }

  @Test
  void aBusyServerHalvesThemOnceForAllThatWereUnderWayAndIsLeftAloneForAWhile() {
    enterAll().forEach(slot -> slot.busy(null));

    assertThat(limiter.now()).isEqualTo(8);
    assertThat(limiter.tryEnter()).as("while it is left alone").isNull();
    nanos.addAndGet(Limiter.PAUSE.multipliedBy(2).toNanos());
    assertThat(enterAll()).hasSize(8);
  }

  @Test
  void aServerThatSaysHowLongIsLeftAloneForThatLong() {
    slot().busy(Duration.ofSeconds(5));

    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThat(limiter.tryEnter()).isNull();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(limiter.tryEnter()).isNotNull();
  }

  @Test
  void itNeverGoesBelowOneAndComesBackWithWhatGoesWell() {
    for (int i = 0; i < 20; i++) {
      slot().busy(null);
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    }
    assertThat(limiter.now()).isEqualTo(1);

    for (int i = 0; i < 1000; i++) {
      take(10, 1000);
    }
    assertThat(limiter.now()).isEqualTo(16);
  }

  @Test
  void answersThatTakeFarLongerThanTheyDidLowerIt() {
    for (int i = 0; i < 100; i++) {
      take(10, 1000);
    }
    assertThat(limiter.now()).isEqualTo(16);

    for (int i = 0; i < 60; i++) {
      take(200, 1000);
    }

    assertThat(limiter.now()).isBetween(2, 15);
  }

  @Test
  void aLargeFileMayTakeLongerThanASmallOne() {
    for (int i = 0; i < 100; i++) {
      take(10, 1000);
      take(2560, 64 << 20);
    }
    assertThat(limiter.now()).isEqualTo(16);
  }

  private void take(long millis, long bytes) {
    Limiter.Slot slot = slot();
    nanos.addAndGet(millis * MILLI);
    slot.done(bytes);
  }

  private Limiter.Slot slot() {
    return Objects.requireNonNull(limiter.tryEnter());
  }

  private List<Limiter.Slot> enterAll() {
    List<Limiter.Slot> slots = new ArrayList<>();
    for (Limiter.Slot slot = limiter.tryEnter(); slot != null; slot = limiter.tryEnter()) {
      slots.add(slot);
    }
    return slots;
  }
}
