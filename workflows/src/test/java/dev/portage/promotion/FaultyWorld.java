package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import io.temporal.activity.Activity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Records every effect in {@link #effects}, and fails, waits or loses an answer where a test wants
 * it.
 */
abstract class FaultyWorld {

  final List<String> effects = new CopyOnWriteArrayList<>();

  final Map<String, Deque<RuntimeException>> faults = new ConcurrentHashMap<>();

  /** Marks a call that succeeds in a queue of faults. */
  private static final class NoFault extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final Map<String, RuntimeException> refused = new ConcurrentHashMap<>();

  private final Map<String, Hold> holds = new ConcurrentHashMap<>();

  /** The next call of an activity, or the next effect with that name, fails. */
  void failNext(String what, RuntimeException fault) {
    faults.computeIfAbsent(what, name -> new ArrayDeque<>()).add(fault);
  }

  /** Its next call does not fail; a later one may. */
  void passNext(String what) {
    failNext(what, new NoFault());
  }

  /** Every call of an activity, or every effect with that name, fails until it is allowed again. */
  void refuse(String what, RuntimeException fault) {
    refused.put(what, fault);
  }

  void allow(String what) {
    refused.remove(what);
  }

  /** When the effect comes, it waits until the test releases it. */
  Hold hold(String effect) {
    Hold hold = new Hold();
    holds.put(effect, hold);
    return hold;
  }

  /** An effect that waits for the test to release it. */
  static final class Hold {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Waits until the effect has come. */
    void awaitReached() throws InterruptedException {
      assertThat(reached.await(1, TimeUnit.MINUTES)).isTrue();
    }

    void release() {
      released.countDown();
    }
  }

  static RuntimeException userFault(String cameBack) {
    return Failures.of(
        Problem.of(FailureKind.USER, "the test's fault", "workspace prod", cameBack, "fix it"));
  }

  static RuntimeException fatalFault(String cameBack) {
    return Failures.of(
        Problem.of(
            FailureKind.FATAL, "the test's fault", "workspace prod", cameBack, "start anew"));
  }

  void effect(String activity, String effect) {
    fail(activity);
    fail(effect);
    Hold hold = holds.remove(effect);
    if (hold != null) {
      hold.reached.countDown();
      await(hold.released);
    }
    effects.add(effect);
  }

  /** The next response of an activity is lost: it did its work, and is retried in 5 min. */
  void loseNextAnswer(String activity) {
    failNext("answer of " + activity, platformFault("no answer"));
  }

  /** Retried in 5 min. */
  static RuntimeException platformFault(String cameBack) {
    return Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            "the test's fault",
            "workspace prod",
            cameBack,
            "Portage retries."),
        Duration.ofMinutes(5));
  }

  void answer(String activity) {
    fail("answer of " + activity);
  }

  /** Fails if a fault is planned under that name. */
  void fail(String activity) {
    Deque<RuntimeException> planned = faults.get(activity);
    RuntimeException fault = planned == null ? null : planned.poll();
    if (fault == null) {
      fault = refused.get(activity);
    }
    if (fault != null && !(fault instanceof NoFault)) {
      throw fault;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  long count(String prefix) {
    return effects.stream().filter(effect -> effect.startsWith(prefix)).count();
  }

  /**
   * Stays alive in Temporal, sending heartbeats, until a condition holds or the activity must end.
   */
  static void beatUntil(BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      Activity.getExecutionContext().heartbeat(null);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
