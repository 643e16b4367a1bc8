package dev.portage.localworkspace.serving;

import dev.portage.localworkspace.faults.ServingFaults;
import dev.portage.localworkspace.serving.ModelServers.ModelServer;
import dev.portage.localworkspace.serving.ModelServers.Order;
import dev.portage.localworkspace.serving.ModelServers.StartFailed;
import dev.portage.localworkspace.serving.ModelServers.StartFault;
import dev.portage.localworkspace.serving.ModelServers.Usage;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model that is served under a name, by a server of its own. It can be drained: then
 * it takes no more requests, answers those that it has, and stops.
 */
public final class Deployment {
  /** How long a request may take, with the start of a server; the limit of Databricks. */
  private static final Duration REQUEST = Duration.ofSeconds(297);

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
    /** Nobody waits for it any more, before it was ready. */
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
  public record Shared(
      ModelServers servers,
      ServingFaults faults,
      ServingSettings settings,
      HttpClient http,
      InstantSource clock) {}

  private final Plan plan;
  private final Duration idle;
  private final ServerLogs logs = new ServerLogs();
  private final InFlight requests = new InFlight();
  private final Semaphore permits;
  private final Gauges gauges;
  private final ServerKeeper keeper;
  private final ModelClient client;

  /**
   * One that is not started yet.
   *
   * @param recovers whether it was ready before, so that a failed start is tried again
   */
  public Deployment(Plan plan, Orders orders, Shared shared, boolean recovers) {
    this.plan = plan;
    this.idle = shared.settings().idle();
    this.gauges = new Gauges(shared.clock());
    this.permits = new Semaphore(Math.max(1, plan.concurrency()), true);
    this.keeper = new ServerKeeper(plan, orders, shared, logs, this::watchIdle, recovers);
    this.client = new ModelClient(plan, shared, keeper);
  }

  /** What is served, and how. */
  public Plan plan() {
    return plan;
  }

  /** What its server said. */
  public ServerLogs logs() {
    return logs;
  }

  /** What was observed of it. */
  public Gauges gauges() {
    return gauges;
  }

  /** Begins, and keeps its server running until {@link #stop} or {@link #retire}. */
  public void start() {
    keeper.begin();
  }

  /** Comes once it is ready for the first time: true; or never will be: false. */
  public CompletableFuture<Boolean> settled() {
    return keeper.settled();
  }

  /** How far it is. */
  public State state() {
    return keeper.state();
  }

  /** Why it was never ready; null where it was, or may yet be. */
  public @Nullable Failure failure() {
    return keeper.failure();
  }

  /** Whether it has scaled to zero. */
  public boolean isAsleep() {
    return keeper.isAsleep();
  }

  /** What its server uses of this machine; null where none runs, or that is not known. */
  public @Nullable Usage usage() {
    ModelServer running = keeper.server();
    return running == null ? null : running.usage();
  }

  private void watchIdle() {
    if (!plan.scalesToZero()) {
      return;
    }
    requests.touch();
    Thread.ofVirtual()
        .name("watches " + plan.name())
        .start(() -> {
          try {
            if (requests.awaitIdle(idle.toNanos())) {
              keeper.sleep();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Counts a request in, so that it is waited for; false where none is taken any more. */
  boolean enter() {
    return !keeper.isOver() && requests.enter();
  }

  /** Counts a request out. */
  void leave() {
    requests.leave();
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
      answer = client.ask(body, type, REQUEST);
    } finally {
      permits.release();
    }
    gauges.observe(answer.status(), (System.nanoTime() - begun) / 1e6, queued / 1e6);
    return answer;
  }

  /** Takes no more requests, answers those it has, and then stops. Returns at once. */
  public void retire() {
    requests.close();
    Thread.ofVirtual()
        .name("drains " + plan.name())
        .start(() -> {
          try {
            requests.awaitNone(REQUEST.toNanos());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          stop("it is not served any more");
        });
  }

  /** Kills its server, as when its machine is lost; it is started again. */
  public void kill() {
    ModelServer running = keeper.server();
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
    requests.close();
    keeper.stop(new Failure(Failure.Kind.DROPPED, why));
  }
}
