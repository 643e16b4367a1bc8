package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Concurrency concurrency = new Concurrency(16, nanos::get);

  @Test
  void itBeginsWithAFew() {
    assertThat(concurrency.now()).isEqualTo(4);
    assertThat(new Concurrency(2, nanos::get).now()).as("no more than are allowed").isEqualTo(2);
  }

  @Test
  void aStoreThatTakesLongForEachAnswerIsAskedByAsManyAsAreAllowed() {
    pass(200, atOnce -> atOnce);

    assertThat(concurrency.now()).isEqualTo(16);
  }

  @Test
  void aServerThatIsOneProcessIsNotAskedByMoreThanItServes() {
    // Twenty in a hundred more with two at once, then less with each that comes.
    pass(2_000, atOnce -> atOnce == 1 ? 1 : 1.2 - 0.03 * atOnce);

    assertThat(concurrency.now()).isLessThanOrEqualTo(4);
  }

  @Test
  void whatChangesMeanwhileIsNoticed() {
    pass(2_000, atOnce -> atOnce == 1 ? 1 : 1.2 - 0.03 * atOnce);
    pass(5_000, atOnce -> atOnce);

    assertThat(concurrency.now()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void largerFilesCountForMoreSoThatSmallerOnesAtTheEndDoNotLookLikeAGain() {
    for (int i = 0; i < 400; i++) {
      long bytes = (400 - i) * 512L;
      nanos.addAndGet((long) (1e6 * (1 + bytes / 65536.0)));
      concurrency.done(bytes);
    }

    assertThat(concurrency.now()).isLessThanOrEqualTo(4);
  }

  /** So many small transfers by a server that gives a rate for how many are at once. */
  private void pass(int transfers, IntToDoubleFunction rate) {
    for (int i = 0; i < transfers; i++) {
      nanos.addAndGet((long) (1e6 / rate.applyAsDouble(concurrency.now())));
      concurrency.done(1000);
    }
  }
}
