package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.copy.CopyProgress;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.http.Attempt;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.store.Parallel;
import io.temporal.client.ActivityCanceledException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LongWorkTest {
  private static final Duration OFTEN = Duration.ofMillis(10);

  @Test
  void heartbeatsContinueWhileTheWorkWaits() {
    List<CopyProgress> beats = new CopyOnWriteArrayList<>();
    CountDownLatch beatsOfTheWait = new CountDownLatch(3);
    Progress progress = new Progress(Phase.SENDING);

    String result =
        LongWork.beating(
            told -> {
              beats.add(told);
              // On a busy machine it sends a heartbeat before the work starts.
              if (told.bytesDone() == 4) {
                beatsOfTheWait.countDown();
              }
            },
            OFTEN,
            progress,
            () -> {
              progress.begin(2, 10, Phase.READING_BACK);
              progress.bytes(Phase.READING_BACK, 4);
              beatsOfTheWait.await();
              return "done";
            });

    assertThat(result).isEqualTo("done");
    assertThat(beats.getLast()).isEqualTo(new CopyProgress(Phase.READING_BACK, 0, 2, 4, 10));
  }

  @Test
  void aCancelInterruptsTransfersInFlight() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch brokenOff = new CountDownLatch(1);
    try (OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
        FakeMlflow silent = new FakeMlflow(http, "dev", true)) {
      silent.before =
          _ -> {
            asked.countDown();
            return new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
          };
      assertThatThrownBy(() ->
              LongWork.beating(
                  _ -> {
                    if (asked.getCount() == 0) {
                      throw new ActivityCanceledException();
                    }
                  },
                  OFTEN,
                  new Progress(Phase.SENDING),
                  () -> {
                    try {
                      Request request = silent.client().request(silent.client().base()).build();
                      return http.send(
                          new Attempt("read", "here"), silent.client().errors(), request);
                    } finally {
                      brokenOff.countDown();
                    }
                  }))
          .isInstanceOf(ActivityCanceledException.class);
      assertThat(brokenOff.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void theFirstFailureEndsTheRestAndIsTheOneThatIsReported() {
    AtomicInteger done = new AtomicInteger();
    List<Integer> items = IntStream.range(0, 1000).boxed().toList();

    assertThatThrownBy(() ->
            Parallel.each(
                items,
                3,
                item -> {
                  if (item == 5) {
                    throw new IllegalStateException("item 5");
                  }
                  if (item > 5) {
                    waitForInterrupt();
                  }
                  done.incrementAndGet();
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("item 5");
    assertThat(done.get()).isLessThan(10);
  }

  @Test
  void noMoreThreadsThanAllowedAreAtWork() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier fourTogether = new CyclicBarrier(4);

    Parallel.each(
        IntStream.range(0, 40).boxed().toList(),
        4,
        _ -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          meet(fourTogether);
          now.decrementAndGet();
        });

    assertThat(most.get()).isEqualTo(4);
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("fewer than four are at work", e);
    }
  }

  private static void waitForInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
