package dev.portage.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.lane.LaneState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class LaneObserverTest {

  @Test
  void anAbandonedLookIsNotInterrupted() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    CompletableFuture<Boolean> brokenOff = new CompletableFuture<>();
    try (LaneObserver looking =
        new LaneObserver(() -> {
          began.countDown();
          try {
            answered.await();
            brokenOff.complete(false);
          } catch (InterruptedException interrupted) {
            brokenOff.complete(true);
          }
          return LaneState.free();
        })) {
      looking.begin();
      began.await();
      assertThat(looking.seen(Duration.ofMillis(1))).isEmpty();
    }
    answered.countDown();

    assertThat(brokenOff.get(1, TimeUnit.MINUTES)).isFalse();
  }
}
