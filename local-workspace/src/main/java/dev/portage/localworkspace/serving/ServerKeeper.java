package dev.portage.localworkspace.serving;

import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.serving.Deployment.Orders;
import dev.portage.localworkspace.serving.Deployment.Plan;
import dev.portage.localworkspace.serving.Deployment.Shared;
import dev.portage.localworkspace.serving.Deployment.State;
import dev.portage.localworkspace.serving.ModelServers.ModelServer;
import dev.portage.localworkspace.serving.ModelServers.StartFailed;
import dev.portage.localworkspace.serving.ModelServers.StartFault;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a model's server running: starts it again when it dies, less and less often, and after it
 * was put to sleep once somebody asks for it.
 */
final class ServerKeeper {
  private static final Logger log = LoggerFactory.getLogger(ServerKeeper.class);
  private static final Duration BACKOFF = Duration.ofMillis(500);
  private static final int MOST_BACKOFFS = 20;

  private final Plan plan;
  private final Orders orders;
  private final Shared shared;
  private final ServerLogs logs;
  private final Runnable onReady;
  private final CompletableFuture<Boolean> settled = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private State state;
  private @Nullable Failure failure;
  private @Nullable ModelServer server;
  private @Nullable URI address;
  private boolean starting;
  private boolean over;
  private boolean asleep;
  private boolean failing;

  /**
   * One that has not begun.
   *
   * @param onReady called each time a server has become ready
   * @param recovers whether it was ready before, so that a failed start is tried again
   */
  ServerKeeper(
      Plan plan,
      Orders orders,
      Shared shared,
      ServerLogs logs,
      Runnable onReady,
      boolean recovers) {
    this.plan = plan;
    this.orders = orders;
    this.shared = shared;
    this.logs = logs;
    this.onReady = onReady;
    this.state = recovers ? State.RECOVERING : State.CREATING;
  }

  void begin() {
    Thread.ofVirtual().name("serves " + plan.name()).start(this::keep);
  }

  /** Comes once it is ready for the first time: true; or never will be: false. */
  CompletableFuture<Boolean> settled() {
    return settled;
  }

  State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Why it is not served; null where it is, or is about to be. */
  @Nullable Failure failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  boolean isAsleep() {
    lock.lock();
    try {
      return asleep;
    } finally {
      lock.unlock();
    }
  }

  /** The server that runs or starts; null for none. */
  @Nullable ModelServer server() {
    lock.lock();
    try {
      return server;
    } finally {
      lock.unlock();
    }
  }

  private void keep() {
    int failures = 0;
    try {
      while (!isOver()) {
        Failure failed = serveOnce();
        if (failed == null) {
          // It was ready, and has died or was put to sleep.
          failures = 0;
          awaitWake();
        } else if (state() == State.CREATING) {
          log.info("{} failed: {}", plan.name(), failed.reason());
          end(failed);
        } else {
          failures++;
          markFailing();
          log.info("{} can't be started again: {}", plan.name(), failed.reason());
          pause(BACKOFF.multipliedBy(Math.min(failures, MOST_BACKOFFS)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(new Failure(Failure.Kind.DROPPED, "interrupted"));
    }
  }

  /** Starts a server and stays with it to its end; null where it was ready. */
  private @Nullable Failure serveOnce() throws InterruptedException {
    if (!shared.faults().strike(plan.version(), ServingEffect.Gone.class::isInstance).isEmpty()) {
      return new Failure(Failure.Kind.LOAD, "the machine that it ran on is gone");
    }
    Failure stopped = new Failure(Failure.Kind.DROPPED, "it was stopped before it had started");
    if (!mayStart()) {
      return stopped;
    }
    ModelServer running;
    try {
      running = started();
    } catch (StartFailed e) {
      logs.addToServer("ERROR: " + e.failure().reason());
      return e.failure();
    } catch (IOException e) {
      return new Failure(Failure.Kind.BUILD, String.valueOf(e.getMessage()));
    }
    try {
      if (isOver()) {
        return stopped;
      }
      URI at =
          running.ready().get(shared.settings().startLimit().toMillis(), TimeUnit.MILLISECONDS);
      if (becomeReady(at)) {
        running.ended().get();
      }
      return null;
    } catch (ExecutionException e) {
      return e.getCause() instanceof StartFailed failed
          ? failed.failure()
          : new Failure(Failure.Kind.LOAD, String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      return new Failure(Failure.Kind.TIMEOUT, "not ready in " + shared.settings().startLimit());
    } finally {
      running.stop();
      forget();
    }
  }

  /** Whether a server may start; whoever stops this waits for it from now on. */
  private boolean mayStart() {
    lock.lock();
    try {
      starting = !over;
      return starting;
    } finally {
      lock.unlock();
    }
  }

  private ModelServer started() throws IOException, StartFailed {
    ModelServer running = null;
    try {
      running = shared.servers().start(orders.make(startFault()), logs);
      return running;
    } finally {
      hold(running);
    }
  }

  private void hold(@Nullable ModelServer running) {
    lock.lock();
    try {
      server = running;
      starting = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable StartFault startFault() {
    List<ServingEffect> effects =
        shared.faults().strike(plan.version(), ServingEffect.OfStart.class::isInstance);
    if (effects.isEmpty()) {
      return null;
    }
    return switch (effects.getFirst()) {
      case ServingEffect.BuildFails _ -> StartFault.BUILD;
      case ServingEffect.OutOfMemory _ -> StartFault.MEMORY;
      default -> StartFault.NEVER;
    };
  }

  private boolean becomeReady(URI at) {
    lock.lock();
    try {
      if (over) {
        return false;
      }
      address = at;
      failing = false;
      state = State.READY;
      asleep = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    settled.complete(true);
    onReady.run();
    return true;
  }

  private void forget() {
    lock.lock();
    try {
      server = null;
      address = null;
      if (state == State.READY && !asleep && !over) {
        state = State.RECOVERING;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void markFailing() {
    lock.lock();
    try {
      failing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end(Failure why) {
    lock.lock();
    try {
      over = true;
      if (state == State.CREATING) {
        boolean failed = why.kind() == Failure.Kind.BUILD || why.kind() == Failure.Kind.LOAD;
        state = failed ? State.FAILED : State.ABORTED;
        failure = why;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    settled.complete(false);
  }

  boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration time) throws InterruptedException {
    lock.lock();
    try {
      long left = time.toNanos();
      while (left > 0 && !over) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitWake() throws InterruptedException {
    lock.lock();
    try {
      while (asleep && !over) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops the server until somebody asks for it. */
  void sleep() {
    ModelServer running;
    lock.lock();
    try {
      if (address == null || over) {
        return;
      }
      asleep = true;
      address = null;
      running = server;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.stop();
    }
  }

  /**
   * Where the server is; wakes it, and waits for one that is starting, unless starts have failed.
   *
   * @param dead where it is not any more; null for nowhere
   * @param until by the clock of {@link System#nanoTime}
   * @return null where none comes
   */
  @Nullable URI awaitAddress(@Nullable URI dead, long until) throws InterruptedException {
    lock.lock();
    try {
      if (asleep) {
        asleep = false;
        changed.signalAll();
      }
      while ((address == null || address.equals(dead)) && !over) {
        long left = until - System.nanoTime();
        if (left <= 0 || failing) {
          return null;
        }
        changed.awaitNanos(left);
      }
      return over ? null : address;
    } finally {
      lock.unlock();
    }
  }

  /** Ends for good, and waits until the server is gone. */
  void stop(Failure why) {
    end(why);
    ModelServer running;
    lock.lock();
    try {
      while (starting) {
        changed.awaitUninterruptibly();
      }
      running = server;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.stop();
    }
  }
}
