package dev.portage.sandbox.failures;

import dev.portage.sandbox.Gate;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A fault in one operation: strikes at its point's call, and knows whether it did. */
public final class Injection implements Gate.Interceptor, AutoCloseable {
  /** What a server that fails answers in a row. */
  private static final int ERRORS = 5;

  /** What Retry-After says. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(4);

  /** Steps take that long beside other cells. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Clocks and schedules of two machines may differ by that. */
  private static final Duration SLACK = Duration.ofMillis(100);

  private static final String ERROR =
      "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"injected\"}";

  private final Cell cell;
  private final Crew crew;
  private final String workflow;
  private final Instant began = Instant.now();
  private int calls;
  private int hits;
  private long askedBack;
  private long cameBack;
  private boolean renewed;
  private boolean ordering;
  private @Nullable String terminated;
  private @Nullable String refused;
  private @Nullable Integer lost;
  private Gate.@Nullable Passage held;
  private @Nullable Integer late;
  private final CountDownLatch repeated = new CountDownLatch(1);
  private final CountDownLatch delivered = new CountDownLatch(1);

  /** Strikes from now on. */
  Injection(Cell cell, Crew crew, String workflow) {
    this.cell = cell;
    this.crew = crew;
    this.workflow = workflow;
    World.WORKSPACES.forEach(name -> TheWorld.gate(name).add(this));
  }

  @Override
  public boolean takes(Gate.Passage passage) throws IOException, InterruptedException {
    if (!cell.point().isAt(passage.call())
        || !Point.mentions(passage.call(), crew.model())
        || !cell.point().steps().contains(crew.temporal().step(workflow))) {
      return false;
    }
    return switch (cell.fault()) {
      case ERRORS -> isOneOf(ERRORS) && answered(passage, 500, Map.of(), ERROR);
      case BUSY -> isBusy(passage);
      case LOST_ANSWER -> isOneOf(1) && lost(passage);
      case LATE_DUPLICATE -> isHeld(passage);
      case HANGS -> hangs(passage);
      case TOKEN_EXPIRES ->
          isExpired()
              && answered(
                  passage,
                  401,
                  Map.of(),
                  "{\"error_code\":\"UNAUTHENTICATED\",\"message\":\"the token has expired\"}");
      case CANCELLED -> ordered(() -> crew.temporal().cancel(workflow));
      case HOLDER_TERMINATED, LANE_TERMINATED -> ordered(this::terminate);
      case KILLED_BEFORE, KILLED_AFTER, TROUBLE ->
          throw new IllegalArgumentException("not for calls of one model alone");
    };
  }

  private synchronized boolean isOneOf(int times) {
    calls++;
    if (hits >= times) {
      return false;
    }
    hits++;
    return true;
  }

  private static boolean answered(
      Gate.Passage passage, int status, Map<String, String> headers, String json)
      throws IOException {
    passage.answer(status, headers, json);
    return true;
  }

  /** Gives an order at the first call. It counts only once Temporal has taken it. */
  private boolean ordered(Runnable order) {
    if (isFirst()) {
      try {
        order.run();
        hit();
      } catch (RuntimeException e) {
        refuse(e);
      }
    }
    // The call itself passes: what is under way arrives.
    return false;
  }

  private synchronized boolean isFirst() {
    calls++;
    boolean first = !ordering;
    ordering = true;
    return first;
  }

  private synchronized void hit() {
    hits++;
  }

  private synchronized void refuse(RuntimeException problem) {
    refused = problem.toString();
  }

  private void terminate() {
    String run = crew.temporal().terminate(struck());
    synchronized (this) {
      terminated = run;
    }
  }

  /** The workflow that a termination is for. */
  private String struck() {
    return cell.fault() == Fault.LANE_TERMINATED ? "lane/prod/" + crew.model() : workflow;
  }

  private boolean isBusy(Gate.Passage passage) throws IOException {
    if (isOneOf(1)) {
      askedBack = System.nanoTime();
      return answered(
          passage,
          429,
          Map.of("Retry-After", String.valueOf(RETRY_AFTER.toSeconds())),
          "{\"error_code\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"injected\"}");
    }
    synchronized (this) {
      if (cameBack == 0) {
        cameBack = System.nanoTime();
      }
    }
    return false;
  }

  private boolean lost(Gate.Passage passage) throws IOException, InterruptedException {
    int status = passage.execute();
    synchronized (this) {
      lost = status;
    }
    passage.breakOff();
    return true;
  }

  /** The first one is kept back; what comes after the second sends it on. */
  private boolean isHeld(Gate.Passage passage) {
    if (isOneOf(1)) {
      synchronized (this) {
        held = passage;
      }
      passage.breakOff();
      return true;
    }
    if (repeated.getCount() > 0) {
      repeated.countDown();
      Thread.startVirtualThread(this::deliver);
    }
    return false;
  }

  /** Once the repetition is in use: the step is over. */
  private void deliver() {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ofMillis(500))
          .until(() ->
              cell.point().steps().size() > 1
                  || !cell.point().steps().contains(crew.temporal().step(workflow)));
      int status = Objects.requireNonNull(held).execute();
      synchronized (this) {
        late = status;
      }
    } catch (IOException e) {
      throw new AssertionError("the late call did not arrive", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      delivered.countDown();
    }
  }

  private boolean hangs(Gate.Passage passage) throws InterruptedException {
    if (!isOneOf(1)) {
      repeated.countDown();
      return false;
    }
    // Until the caller has given up and comes again.
    boolean came = repeated.await(PATIENCE.toMinutes(), TimeUnit.MINUTES);
    passage.breakOff();
    if (!came) {
      throw new AssertionError("no second attempt of " + passage.call());
    }
    return true;
  }

  private synchronized boolean isExpired() {
    calls++;
    if (renewed) {
      return false;
    }
    hits++;
    // What follows a release is retried without being resumed.
    renewed = cell.point().steps().size() > 1;
    return true;
  }

  /** Since when it strikes. */
  Instant began() {
    return began;
  }

  /** Somebody puts a new token in place. */
  public synchronized void renew() {
    renewed = true;
  }

  /** The cell it is for. */
  public Cell cell() {
    return cell;
  }

  /** Fails unless it struck, and as it should; to be called at the end. */
  void assertStruck() throws InterruptedException {
    if (cell.fault() == Fault.LATE_DUPLICATE) {
      check(repeated.getCount() == 0, "nobody tried again");
      check(
          delivered.await(PATIENCE.toMinutes(), TimeUnit.MINUTES),
          "the late call was never delivered");
    }
    checkStruck();
  }

  private synchronized void checkStruck() {
    check(hits > 0, "the fault was never injected" + (refused == null ? "" : ": " + refused));
    switch (cell.fault()) {
      case ERRORS -> check(hits == ERRORS && calls > ERRORS, "hit " + hits + " of " + calls);
      case BUSY -> {
        check(cameBack > 0, "nobody came back after the 429");
        check(
            cameBack - askedBack >= RETRY_AFTER.minus(SLACK).toNanos(),
            "came back after " + Duration.ofNanos(cameBack - askedBack) + ", not " + RETRY_AFTER);
      }
      case LOST_ANSWER ->
          check(lost != null && lost == 200, "the lost answer was " + lost + ", not 200");
      case LATE_DUPLICATE -> check(late != null, "the late call was never delivered");
      case HANGS -> check(calls > 1, "nobody tried again");
      case TOKEN_EXPIRES -> check(renewed && calls > hits, "nobody tried again with a new token");
      case HOLDER_TERMINATED, LANE_TERMINATED ->
          check(
              terminated != null && crew.temporal().isTerminated(struck(), terminated),
              "run " + terminated + " of " + struck() + " was not terminated");
      case CANCELLED, KILLED_BEFORE, KILLED_AFTER, TROUBLE -> {}
    }
  }

  /** Something went wrong by itself, as it was told to. */
  void happened() {
    hit();
  }

  private static void check(boolean right, String message) {
    if (!right) {
      throw new AssertionError(message);
    }
  }

  /** The status with which a call that arrived late was answered, 0 where there was none. */
  synchronized int late() {
    return late == null ? 0 : late;
  }

  /** Whether it struck at least once. */
  synchronized boolean hasStruck() {
    return hits > 0;
  }

  /** How often the call came that was not struck. */
  synchronized int repeated() {
    return calls - hits;
  }

  @Override
  public void close() {
    World.WORKSPACES.forEach(name -> TheWorld.gate(name).remove(this));
  }
}
