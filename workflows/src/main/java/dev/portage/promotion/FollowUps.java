package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.release.FollowUp;
import dev.portage.release.FollowUpRunner;
import dev.portage.release.FollowedUp;
import dev.portage.release.Unfinished;
import dev.portage.step.NextRun;
import dev.portage.temporal.TimedWait;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What follows once the champion has moved. The model is live then, so nothing here stops, ends or
 * undoes anything, holds a turn or heeds a cancel: each follow-up is tried at once, retried
 * alongside the next steps for a bounded time, and then listed as unfinished.
 */
final class FollowUps {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private final PromotionProgress progress;
  private final ApprovalDesk desk;
  private final Map<FollowUp, Left> left = new LinkedHashMap<>();
  private final Map<String, List<String>> done = new HashMap<>();
  private @Nullable Promise<Void> again;
  private boolean awaited;

  /** How many are being tried right now. */
  private int underWay;

  /**
   * Not done yet.
   *
   * @param why the most recent error
   * @param until when it is not tried any more, in milliseconds of the workflow's clock
   */
  private record Left(String why, long until) {}

  /**
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  FollowUps(PromotionProgress progress, ApprovalDesk desk, @Nullable CarriedOver carriedOver) {
    this.progress = progress;
    this.desk = desk;
    if (carriedOver != null) {
      carriedOver.left().forEach(one -> left.put(one.order(), new Left(one.why(), one.until())));
      carriedOver.followed().forEach((step, texts) -> done.put(step, new ArrayList<>(texts)));
    }
  }

  /** What is not done yet, for another run of the workflow. */
  List<CarriedOver.Left> left() {
    return left.entrySet().stream()
        .map(
            one -> new CarriedOver.Left(one.getKey(), one.getValue().why(), one.getValue().until()))
        .toList();
  }

  /** What is done, by step. */
  Map<String, List<String>> done() {
    return Map.copyOf(done);
  }

  /** Continues where another run of the workflow stopped. */
  void goOn() {
    if (!left.isEmpty()) {
      Workflow.newDetachedCancellationScope(() -> again = Async.procedure(this::tryAgain)).run();
    }
  }

  /**
   * Tries each once, in order; what fails is tried again in the background.
   *
   * @param step step that they make up together
   * @param timeout for how long
   */
  void carryOut(String step, List<FollowUp> orders, Duration timeout) {
    carryOut(List.of(step), orders, timeout, () -> orders.forEach(this::tryOnce));
  }

  /**
   * The same for one step or several, all at once: none depends on another. What is written in the
   * workspace itself is one activity, and each mark in another one follows by itself.
   */
  void carryOutTogether(List<FollowUp> orders, Duration timeout) {
    carryOut(
        orders.stream().map(FollowUp::step).distinct().toList(),
        orders,
        timeout,
        () ->
            together(orders).stream()
                .map(some -> Async.procedure(() -> tryOnce(some)))
                .toList()
                .forEach(Promise::get));
  }

  private static List<List<FollowUp>> together(List<FollowUp> orders) {
    List<FollowUp> inPlace = orders.stream().filter(FollowUps::isInPlace).toList();
    if (inPlace.size() < 2) {
      return orders.stream().map(List::of).toList();
    }
    return Stream.concat(
            Stream.of(inPlace), orders.stream().filter(order -> !isInPlace(order)).map(List::of))
        .toList();
  }

  /**
   * Labels and the record are a few calls to one workspace; publishing may wait for a warehouse.
   */
  private static boolean isInPlace(FollowUp order) {
    return order.mark() == null && order.publish() == null && order.resume() == null;
  }

  private void carryOut(
      List<String> steps, List<FollowUp> orders, Duration timeout, Runnable firstTries) {
    Workflow.newDetachedCancellationScope(
            () -> {
              steps.forEach(step -> progress.steps().begin(step, 1));
              long until = Workflow.currentTimeMillis() + timeout.toMillis();
              orders.forEach(order -> left.put(order, new Left("not tried yet", until)));
              firstTries.run();
              if (!left.isEmpty() && (again == null || again.isCompleted())) {
                again = Async.procedure(this::tryAgain);
              }
            })
        .run();
  }

  /**
   * Waits until nothing is left, or the time is over. An order to resume that arrives in the
   * meantime speeds it up.
   */
  void await(NextRun nextRun) {
    Promise<Void> trying = again;
    if (trying == null || trying.isCompleted()) {
      return;
    }
    Workflow.newDetachedCancellationScope(
            () -> {
              progress.running("live; retrying what is left of the release");
              if (!desk.isStopped()) {
                desk.openStop();
              }
              awaited = true;
              nextRun.until(trying::isCompleted);
              awaited = false;
              desk.closeStop();
            })
        .run();
  }

  private void tryAgain() {
    Duration pause = FIRST_PAUSE;
    while (true) {
      long now = Workflow.currentTimeMillis();
      List<FollowUp> due = left.keySet().stream().filter(order -> untilOf(order) > now).toList();
      if (due.isEmpty()) {
        return;
      }
      long latest = due.stream().mapToLong(this::untilOf).max().orElse(now);
      boolean hurried =
          TimedWait.await(
              shorter(pause, Duration.ofMillis(latest - now)),
              "wait before retrying what is left of the release",
              () -> awaited && desk.isResumed());
      if (hurried) {
        desk.openStop();
      }
      (hurried ? List.copyOf(left.keySet()) : due).forEach(this::tryOnce);
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  private long untilOf(FollowUp order) {
    Left one = left.get(order);
    return one == null ? 0 : one.until();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Whether none of it is being tried. */
  boolean isAtRest() {
    return underWay == 0;
  }

  private void tryOnce(FollowUp order) {
    tryOnce(List.of(order));
  }

  private void tryOnce(List<FollowUp> orders) {
    underWay++;
    try {
      attempt(orders);
    } finally {
      underWay--;
    }
  }

  private void attempt(List<FollowUp> orders) {
    try {
      if (orders.size() == 1) {
        followed(orders.getFirst(), FollowUpRunner.carryOut(orders.getFirst()));
      } else {
        List<FollowedUp> came = FollowUpRunner.carryOut(orders);
        for (int i = 0; i < orders.size(); i++) {
          followed(orders.get(i), came.get(i));
        }
      }
    } catch (TemporalFailure failure) {
      for (FollowUp order : orders) {
        failed(
            order,
            Failures.problemOf(failure, order.what(), "workspace " + order.live().workspace()));
      }
    }
  }

  private void followed(FollowUp order, FollowedUp came) {
    Problem problem = came.problem();
    if (problem == null) {
      followed(order, String.valueOf(came.done()));
    } else {
      failed(order, problem);
    }
  }

  private void followed(FollowUp order, String text) {
    // First tries and retries run in parallel, so it may already be done and reported.
    if (left.remove(order) != null) {
      done.computeIfAbsent(order.step(), any -> new ArrayList<>()).add(text);
    }
    tell(order.step());
  }

  private void failed(FollowUp order, Problem problem) {
    String why = problem.cameBack().lines().findFirst().orElse("");
    left.computeIfPresent(order, (any, before) -> new Left(why, before.until()));
    progress.steps().failed(order.step(), problem);
    tell(order.step());
  }

  private void tell(String step) {
    progress.unfinished(
        left.entrySet().stream()
            .map(one -> new Unfinished(one.getKey(), one.getValue().why()))
            .toList());
    if (left.keySet().stream().noneMatch(other -> other.step().equals(step))) {
      progress.steps().done(step, String.join("; ", done.getOrDefault(step, List.of())), null);
    }
  }
}
