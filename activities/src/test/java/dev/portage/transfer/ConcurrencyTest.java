package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
  private static final int SMALL = 1000;

  private final AtomicLong nanos = new AtomicLong(1);
  private final Concurrency concurrency = new Concurrency(16, nanos::get);

  @Test
  void asManyAreInFlightAsTheSettingAllowsAndNoMore() {
    List<Concurrency.Slot> slots = enterAll();
    assertThat(slots).hasSize(16);

    slots.getFirst().done(SMALL);

    assertThat(concurrency.tryEnter()).isNotNull();
    assertThat(concurrency.tryEnter()).isNull();
  }

  @Test
  void aBusyServerHalvesThemOnceForAllInFlightAndPausesNewOnes() {
    enterAll().forEach(slot -> slot.busy(null));

    assertThat(concurrency.now()).isEqualTo(8);
    assertThat(concurrency.tryEnter()).as("while it is left alone").isNull();
    nanos.addAndGet(Concurrency.PAUSE.multipliedBy(2).toNanos());
    assertThat(enterAll()).hasSize(8);
  }

  @Test
  void retryAfterPausesNewOnes() {
    slot().busy(Duration.ofSeconds(5));

    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThat(concurrency.tryEnter()).isNull();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(concurrency.tryEnter()).isNotNull();
  }

  @Test
  void requestsWithoutAResponseLowerItOnceAndNotBelowTwo() {
    enterAll().forEach(Concurrency.Slot::unanswered);
    assertThat(concurrency.now()).isEqualTo(12);

    for (int i = 0; i < 50; i++) {
      slot().unanswered();
    }
    assertThat(concurrency.now()).isEqualTo(2);
  }

  @Test
  void itNeverGoesBelowOneAndRisesWhereMoreAtOnceIsFaster() {
    for (int i = 0; i < 20; i++) {
      slot().busy(null);
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    }
    assertThat(concurrency.now()).isEqualTo(1);

    pass(1_000, atOnce -> atOnce);

    assertThat(concurrency.now()).isEqualTo(16);
  }

  @Test
  void aStoreWithHighLatencyGetsAsManyAsAllowed() {
    pass(1_000, atOnce -> atOnce);

    assertThat(concurrency.now()).isEqualTo(16);
  }

  @Test
  void aSingleProcessServerGetsNoMoreThanItServes() {
    // 20 % more with two at once, then less with each further one.
    pass(1_000, atOnce -> atOnce == 1 ? 1 : 1.2 - 0.03 * atOnce);

    assertThat(concurrency.now()).isLessThanOrEqualTo(4);
  }

  @Test
  void aRateLimitedServerGetsNoMoreThanNeeded() {
    pass(2_000, atOnce -> Math.min(atOnce, 2.5));

    // Four are enough; it only probes twice and half as many.
    assertThat(concurrency.now()).isBetween(2, 8);
  }

  @Test
  void changesInBetweenAreNoticed() {
    pass(2_000, atOnce -> atOnce == 1 ? 1 : 1.2 - 0.03 * atOnce);
    pass(5_000, atOnce -> atOnce);

    assertThat(concurrency.now()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void largerFilesCountForMoreSoThatSmallerOnesAtTheEndDoNotLookLikeAGain() {
    // A steady byte stream: fewer at once achieve the same throughput.
    for (int i = 0; i < 600; i++) {
      long bytes = (600 - i) * 512L;
      nanos.addAndGet((long) (1e6 * (1 + bytes / 65536.0)));
      slot().done(bytes);
    }

    assertThat(concurrency.now()).isLessThanOrEqualTo(4);
  }

  /** This many small transfers by a server whose rate depends on how many run at once. */
  private void pass(int transfers, IntToDoubleFunction rate) {
    for (int i = 0; i < transfers; i++) {
      Concurrency.Slot slot = slot();
      nanos.addAndGet((long) (1e6 / rate.applyAsDouble(concurrency.now())));
      slot.done(SMALL);
    }
  }

  private Concurrency.Slot slot() {
    return Objects.requireNonNull(concurrency.tryEnter());
  }

  private List<Concurrency.Slot> enterAll() {
    List<Concurrency.Slot> slots = new ArrayList<>();
    for (Concurrency.Slot slot = concurrency.tryEnter();
        slot != null;
        slot = concurrency.tryEnter()) {
      slots.add(slot);
    }
    return slots;
  }
}
