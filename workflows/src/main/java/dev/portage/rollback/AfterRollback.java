package dev.portage.rollback;

import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.release.FollowUp;
import dev.portage.release.FollowUpRunner;
import dev.portage.release.GoingBack;
import dev.portage.release.LiveVersion;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import dev.portage.settings.Station;
import dev.portage.step.StepList;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What follows once everything is restored: the record, quarantines, labels, predictions, the
 * origin's mark. None of these undoes anything. Each is tried at once and then again for minutes;
 * what is still not done is listed, and {@code portage resume} finishes it.
 */
final class AfterRollback {

  /**
   * Pauses between tries, three minutes in all: someone waits at a terminal, and the rest can be
   * done later. Most tries come early, since a server that restarts refuses a few calls in a row.
   */
  private static final List<Duration> PAUSES =
      LongStream.of(5, 10, 15, 30, 60, 60).mapToObj(Duration::ofSeconds).toList();

  private final StepList list;
  private final List<Unfinished> left = new ArrayList<>();
  private boolean begun;

  AfterRollback(StepList list) {
    this.list = list;
  }

  /** What is not done yet. */
  List<Unfinished> left() {
    return List.copyOf(left);
  }

  /**
   * Lists what is to be done, once.
   *
   * @param reason why, as its starter said
   * @param by who started it
   */
  void begin(
      Release release, Findings looked, RollbackSettings settings, String reason, String by) {
    if (begun) {
      return;
    }
    begun = true;
    Station target = settings.target();
    LiveVersion live =
        new LiveVersion(target.workspace(), target.model(), target.marking(), release.version());
    add(
        FollowUp.of(
            RollbackSteps.RECORD,
            live,
            "record the rollback in " + target.workspace(),
            GoingBack.of(event(release, settings, reason, by))));
    if (looked.quarantined() != null) {
      // Before the next one, which may refuse the same commit under the version that was left.
      add(
          FollowUp.of(
              RollbackSteps.LIFT,
              live,
              "lift version " + release.version(),
              GoingBack.of(lift(release, reason))));
    }
    Release before = looked.left();
    if (before != null) {
      add(
          FollowUp.of(
              RollbackSteps.QUARANTINE,
              live,
              "quarantine version " + before.version(),
              GoingBack.of(quarantine(release, before, reason, by))));
    }
    add(FollowUp.of(RollbackSteps.LABEL, live, label(target, release.version(), Tags.LIVE)));
    String former = release.previousVersion();
    if (former != null && !former.equals(release.version())) {
      add(FollowUp.of(RollbackSteps.LABEL, live, label(target, former, Tags.SUPERSEDED)));
    }
    if (looked.predictions() != null) {
      add(
          FollowUp.of(
              Predictions.STEP,
              live,
              "remove batch "
                  + looked.predictions().batchId()
                  + " from "
                  + looked.predictions().table(),
              GoingBack.of(looked.predictions())));
    }
    if (looked.mark() != null) {
      add(FollowUp.of(OriginMark.STEP, live, looked.mark()));
    }
  }

  private void add(FollowUp order) {
    left.add(new Unfinished(order, "not tried yet"));
  }

  private static HistoryEvent event(
      Release release, RollbackSettings settings, String reason, String by) {
    return HistoryEvent.of(
            HistoryEvent.idOf(HistoryKind.ROLLBACK, release.workspace(), release.promotion()),
            HistoryKind.ROLLBACK,
            release.workspace(),
            release.model(),
            release.at(),
            by)
        .name(settings.model())
        .reason(reason)
        .workflow(release.promotion())
        .release(release)
        .build();
  }

  private static Quarantined quarantine(Release release, Release before, String reason, String by) {
    return Quarantined.of(
            before.workspace(),
            before.model(),
            before.digest(),
            Quarantined.Why.ROLLED_BACK,
            release.promotion(),
            by,
            release.at())
        .commit(before.commit())
        .version(before.version())
        .reason(reason)
        .build();
  }

  private static GoingBack.Lift lift(Release release, String reason) {
    return new GoingBack.Lift(
        new QuarantineQuery(
            release.workspace(), release.model(), release.digest(), release.commit()),
        release.promotion(),
        reason,
        release.at());
  }

  private static VersionLabels label(Station target, String version, String label) {
    return new VersionLabels(
        target.workspace(), target.model(), version, Map.of(Tags.RELEASE, label));
  }

  /** What the next holder of the turn must find: the record, and what is in quarantine. */
  void underTurn() {
    round(List.of(RollbackSteps.RECORD, RollbackSteps.LIFT, RollbackSteps.QUARANTINE));
  }

  /** The rest, without the turn. */
  void finish() {
    round(null);
    for (Duration pause : PAUSES) {
      if (left.isEmpty()) {
        return;
      }
      Workflow.sleep(pause);
      round(null);
    }
  }

  /**
   * Tries each once.
   *
   * @param only steps that are tried; null for all
   */
  private void round(@Nullable List<String> only) {
    for (Unfinished unfinished : List.copyOf(left)) {
      FollowUp order = unfinished.order();
      if (only != null && !only.contains(order.step())) {
        continue;
      }
      list.begin(order.step(), 1);
      try {
        String text = FollowUpRunner.carryOut(order);
        left.remove(unfinished);
        list.done(order.step(), text, null);
      } catch (TemporalFailure failure) {
        Problem problem =
            Failures.problemOf(failure, order.what(), "workspace " + order.live().workspace());
        list.failed(order.step(), problem);
        left.set(left.indexOf(unfinished), new Unfinished(order, Failures.line(failure)));
      }
    }
  }
}
