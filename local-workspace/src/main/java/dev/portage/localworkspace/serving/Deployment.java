package dev.portage.localworkspace.serving;

import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFaults;
import dev.portage.localworkspace.serving.ModelServers.ModelServer;
import dev.portage.localworkspace.serving.ModelServers.Order;
import dev.portage.localworkspace.serving.ModelServers.StartFailed;
import dev.portage.localworkspace.serving.ModelServers.StartFault;
import dev.portage.localworkspace.serving.ModelServers.Usage;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version of a model that is served: keeps its server running, starts it again when it dies,
 * stops it when nobody asks and it may scale to zero, and asks it.
 */
public final class Deployment {
  private static final Logger log = LoggerFactory.getLogger(Deployment.class);
  private static final Duration BACKOFF = Duration.ofMillis(500);
  private static final int MOST_BACKOFFS = 20;

  /**
   * How long a request waits for a server that is starting, and for an answer; Databricks': 297 s.
   */
  private static final Duration REQUEST = Duration.ofSeconds(297);

  private static final Predicate<ServingEffect> AT_START =
      effect ->
          effect instanceof ServingEffect.BuildFails
              || effect instanceof ServingEffect.OutOfMemory
              || effect instanceof ServingEffect.NeverReady;

  /** How far it is. */
  public enum State {
    /** It is being made. */
    CREATING,
    /** It answers, or would after a start, if it has scaled to zero. */
    READY,
    /** It was ready, and is being started again. */
    RECOVERING,
    /** It could not be made. */
    FAILED,
    /** Nobody wants it any more, before it was ready. */
    ABORTED
  }

  /**
   * What is served, and how.
   *
   * @param name the name it is served by
   * @param version model and version, as faults name them, such as {@code main.ml.churn/3}
   * @param concurrency how many requests it handles at once; others wait
   * @param scalesToZero whether it is stopped when nobody asks
   */
  public record Plan(String name, String version, int concurrency, boolean scalesToZero) {}

  /** Makes the order for a start, when it is to start. */
  @FunctionalInterface
  public interface Orders {
    /**
     * The order.
     *
     * @throws StartFailed where something it needs is missing
     */
    Order make(@Nullable StartFault fault) throws StartFailed;
  }

  /**
   * What all deployments of a workspace share.
   *
   * @param http the client that asks them
   */
  public record House(
      ModelServers servers,
      ServingFaults faults,
      ServingSettings settings,
      HttpClient http,
      InstantSource clock) {}

  private final Plan plan;
  private final Orders orders;
  private final House house;
  private final ServerLogs logs = new ServerLogs();
  private final Gauges gauges;
  private final Semaphore permits;
  private final CompletableFuture<Boolean> settled = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private State state;
  private String message;
  private @Nullable ModelServer server;
  private @Nullable URI address;
  private int inFlight;
  private long lastAsked = System.nanoTime();
  private boolean retired;
  private boolean over;
  private boolean asleep;

  /**
   * One that is not started yet.
   *
   * @param recovers whether it was ready before, so that a failed start is tried again
   */
  public Deployment(Plan plan, Orders orders, House house, boolean recovers) {
    this.plan = plan;
    this.orders = orders;
    this.house = house;
    this.gauges = new Gauges(house.clock());
    this.permits = new Semaphore(Math.max(1, plan.concurrency()), true);
    this.state = recovers ? State.RECOVERING : State.CREATING;
    this.message = recovers ? "Recovering" : "Creating resources for served entity.";
  }

  /** What is served, and how. */
  public Plan plan() {
    return plan;
  }

  /** What it said. */
  public ServerLogs logs() {
    return logs;
  }

  /** What was observed of it. */
  public Gauges gauges() {
    return gauges;
  }

  /** Begins, and keeps it running until {@link #stop} or {@link #retire}. */
  public void start() {
    Thread.ofVirtual().name("serves " + plan.name()).start(this::keep);
  }

  /** Comes once it is ready for the first time: true; or never will be: false. */
  public CompletableFuture<Boolean> settled() {
    return settled;
  }

  /** How far it is. */
  public State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** What is to be said about its state; empty for nothing. */
  public String message() {
    lock.lock();
    try {
      return message;
    } finally {
      lock.unlock();
    }
  }

  /** What its server uses of this machine; null where none runs, or that is not known. */
  public @Nullable Usage usage() {
    ModelServer running;
    lock.lock();
    try {
      running = server;
    } finally {
      lock.unlock();
    }
    return running == null ? null : running.usage();
  }

  private void keep() {
    int failures = 0;
    while (true) {
      try {
        StartFailed failure = serveOnce();
        if (isOver()) {
          return;
        }
        if (failure == null) {
          // It was ready, and has died or gone to sleep.
          failures = 0;
          if (!awaitWake()) {
            return;
          }
        } else if (state() == State.CREATING) {
          fail(failure);
          return;
        } else {
          failures++;
          log.info("{} can't be started again: {}", plan.name(), failure.getMessage());
        }
        if (failures > 0) {
          pause(BACKOFF.multipliedBy(Math.min(failures, MOST_BACKOFFS)));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        stop("Interrupted");
        return;
      }
    }
  }

  /** Starts a server and stays with it to its end; null when it was ready. */
  private @Nullable StartFailed serveOnce() throws InterruptedException {
    if (!house
        .faults()
        .strike(plan.version(), effect -> effect instanceof ServingEffect.Gone)
        .isEmpty()) {
      return new StartFailed(true, "the machine it ran on is gone");
    }
    ModelServer running;
    try {
      running = house.servers().start(orders.make(startFault()), logs);
    } catch (StartFailed e) {
      logs.addToServer("ERROR: " + e.getMessage());
      return e;
    } catch (IOException e) {
      return new StartFailed(false, String.valueOf(e.getMessage()));
    }
    lock.lock();
    try {
      server = running;
    } finally {
      lock.unlock();
    }
    try {
      URI at = running.ready().get(house.settings().startLimit().toMillis(), TimeUnit.MILLISECONDS);
      if (becomeReady(at)) {
        running.ended().get();
      }
      return null;
    } catch (ExecutionException e) {
      return e.getCause() instanceof StartFailed failed
          ? failed
          : new StartFailed(true, String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      return new StartFailed(true, "");
    } finally {
      running.stop();
      forget();
    }
  }

  private @Nullable StartFault startFault() {
    List<ServingEffect> effects = house.faults().strike(plan.version(), AT_START);
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
      state = State.READY;
      message = "";
      asleep = false;
      lastAsked = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    settled.complete(true);
    if (plan.scalesToZero()) {
      Thread.ofVirtual().name("watches " + plan.name()).start(this::sleepWhenIdle);
    }
    return true;
  }

  private void forget() {
    lock.lock();
    try {
      server = null;
      address = null;
      if (state == State.READY && !asleep && !over) {
        state = State.RECOVERING;
        message = "The model server ended and is being started again.";
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(StartFailed failure) {
    String why;
    String reason = String.valueOf(failure.getMessage());
    if (reason.isEmpty()) {
      // In the service's own words.
      why =
          "Served entity creation aborted because the endpoint update timed out. Please see service"
              + " logs for more information.";
    } else if (failure.built()) {
      why =
          "["
              + plan.name()
              + "] Model server failed to load the model: "
              + reason
              + ". Please see service logs for more information.";
    } else {
      why = "Container image creation failed. Please see build logs for more information.";
    }
    end(reason.isEmpty() ? State.ABORTED : State.FAILED, why);
    log.info("{} failed: {}", plan.name(), reason.isEmpty() ? "not ready in time" : reason);
  }

  private void end(State last, String why) {
    lock.lock();
    try {
      over = true;
      if (state == State.CREATING) {
        state = last;
        message = why;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    settled.complete(false);
  }

  private boolean isOver() {
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

  /** Waits while it sleeps; false when it is over. */
  private boolean awaitWake() throws InterruptedException {
    lock.lock();
    try {
      while (asleep && !over) {
        changed.await();
      }
      return !over;
    } finally {
      lock.unlock();
    }
  }

  private void sleepWhenIdle() {
    long idle = house.settings().idle().toNanos();
    ModelServer running;
    lock.lock();
    try {
      while (address != null && !over) {
        long left = idle - (System.nanoTime() - lastAsked);
        if (left <= 0 && inFlight == 0) {
          break;
        }
        changed.awaitNanos(Math.max(left, TimeUnit.SECONDS.toNanos(1)));
      }
      if (address == null || over) {
        return;
      }
      asleep = true;
      address = null;
      message = "Scaled to zero";
      running = server;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.stop();
    }
  }

  /** Counts a request in, so that it is waited for; false where none is taken any more. */
  boolean enter() {
    lock.lock();
    try {
      if (retired || over) {
        return false;
      }
      inFlight++;
      lastAsked = System.nanoTime();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Counts a request out. */
  void leave() {
    lock.lock();
    try {
      inFlight--;
      lastAsked = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks the model. The caller has {@link #enter}ed.
   *
   * @param type the body's content type
   */
  Answer ask(byte[] body, String type) throws InterruptedException {
    long begun = System.nanoTime();
    permits.acquire();
    long queued = System.nanoTime() - begun;
    Answer answer;
    try {
      answer = struck(body, type, begun + REQUEST.toNanos());
    } finally {
      permits.release();
    }
    gauges.observe(answer.status(), (System.nanoTime() - begun) / 1e6, queued / 1e6);
    return answer;
  }

  private Answer struck(byte[] body, String type, long until) throws InterruptedException {
    List<ServingEffect> effects =
        house
            .faults()
            .strike(
                plan.version(),
                effect -> !AT_START.test(effect) && !(effect instanceof ServingEffect.Gone));
    boolean wrong = false;
    for (ServingEffect effect : effects) {
      switch (effect) {
        case ServingEffect.SlowAnswers slow -> Thread.sleep(slow.delay());
        case ServingEffect.WrongAnswers _ -> wrong = true;
        case ServingEffect.FailingAnswers _ -> {
          return error(
              500, "INTERNAL_ERROR", "Encountered an unexpected error while evaluating the model.");
        }
        case ServingEffect.ErrorsAsAnswers _ -> {
          return error(
              200, "BAD_REQUEST", "Encountered an unexpected error while evaluating the model.");
        }
        default -> {
          // Of a start.
        }
      }
    }
    Answer answer = sent(body, type, until);
    return wrong ? WrongAnswer.of(answer) : answer;
  }

  private Answer sent(byte[] body, String type, long until) throws InterruptedException {
    while (true) {
      URI at = awaitAddress(until);
      if (at == null) {
        return error(
            503,
            "TEMPORARILY_UNAVAILABLE",
            "The served entity " + plan.name() + " does not answer.");
      }
      HttpRequest request =
          HttpRequest.newBuilder(at.resolve("/invocations"))
              .timeout(REQUEST)
              .header("Content-Type", type)
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      try {
        HttpResponse<byte[]> response = house.http().send(request, BodyHandlers.ofByteArray());
        return new Answer(
            plan.name(),
            response.statusCode(),
            response.headers().firstValue("content-type").orElse("application/json"),
            response.body());
      } catch (ConnectException e) {
        // Nothing was sent, so it can be sent to the next server.
        awaitOther(at, until);
      } catch (IOException e) {
        log.debug("{} broke off", plan.name(), e);
        return error(
            503, "TEMPORARILY_UNAVAILABLE", "The model server of " + plan.name() + " broke off.");
      }
    }
  }

  /** Where the server is; waits for one that is starting; null where none comes. */
  private @Nullable URI awaitAddress(long until) throws InterruptedException {
    lock.lock();
    try {
      if (asleep) {
        asleep = false;
        changed.signalAll();
      }
      while (address == null && !over) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          return null;
        }
        changed.awaitNanos(left);
      }
      return over ? null : address;
    } finally {
      lock.unlock();
    }
  }

  private void awaitOther(URI dead, long until) throws InterruptedException {
    lock.lock();
    try {
      while (dead.equals(address) && !over && until > System.nanoTime()) {
        changed.awaitNanos(Math.max(0, until - System.nanoTime()));
      }
    } finally {
      lock.unlock();
    }
  }

  private Answer error(int status, String code, String text) {
    String body = "{\"error_code\": \"" + code + "\", \"message\": \"" + text + "\"}";
    return new Answer(
        plan.name(), status, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes no more requests, answers those it has, and then stops. Returns at once. */
  public void retire() {
    lock.lock();
    try {
      retired = true;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("drains " + plan.name()).start(this::drain);
  }

  private void drain() {
    long until = System.nanoTime() + REQUEST.toNanos();
    lock.lock();
    try {
      while (inFlight > 0 && until > System.nanoTime()) {
        changed.awaitNanos(Math.max(0, until - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    stop("Served entity was removed.");
  }

  /** Kills its server, as when its machine is lost. */
  public void kill() {
    ModelServer running;
    lock.lock();
    try {
      running = server;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.stop();
    }
  }

  /**
   * Stops it now, and waits until its server is gone.
   *
   * @param why what is to be said of one that was never ready
   */
  public void stop(String why) {
    end(State.ABORTED, why);
    kill();
  }
}
