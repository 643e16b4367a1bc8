package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.clearance.Clearance;
import dev.portage.clearance.ClearanceActivities;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses candidates in quarantine, and puts one there that a person rejected. */
final class Clearing {

  /** At the start a target may be away: it is read again before anybody is asked. */
  private static final Duration AT_START = Duration.ofMinutes(2);

  private static final Duration TO_RECORD = Duration.ofMinutes(10);

  private final Journey journey;

  Clearing(Journey journey) {
    this.journey = journey;
  }

  /**
   * Before training is paid for: by the commit, in every target. What is live already is not
   * refused any more: a rollback's quarantine concerns those that come after it.
   *
   * @throws PromotionEnd when one of them refuses it
   */
  void requireAtStart() {
    require(journey.start().commit());
  }

  /**
   * Before a model that was trained elsewhere is registered: by the commit that its run names.
   *
   * @throws PromotionEnd when a target refuses it
   */
  void requireOf(TrainedRun trained) {
    if (journey.start().commit() == null) {
      require(trained.commit());
    }
  }

  private void require(@Nullable String commit) {
    if (commit == null || journey.cancel().isTooLate()) {
      return;
    }
    List<Station> targets = journey.settings().targets();
    List<Promise<Clearance>> answers =
        targets.stream()
            .map(target -> Async.function(() -> read(target, null, commit, AT_START)))
            .toList();
    for (int i = 0; i < targets.size(); i++) {
      try {
        refuse(targets.get(i), answers.get(i).get());
      } catch (TemporalFailure failure) {
        CancellationScope.throwCanceled();
        journey
            .progress()
            .notice(
                "whether "
                    + targets.get(i).workspace()
                    + " refuses this commit is not known yet: "
                    + Failures.line(failure));
      }
    }
  }

  /**
   * Before anybody is asked, and under the turn: by the exact bytes.
   *
   * @throws PromotionEnd when the target refuses them
   */
  Clearance require(Station target, Candidate candidate) {
    Clearance clearance =
        read(
            target,
            candidate.manifest().digest(),
            candidate.commit(),
            journey.settings().retryTimeout());
    refuse(target, clearance);
    return clearance;
  }

  private Clearance read(
      Station target, @Nullable String digest, @Nullable String commit, Duration patience) {
    return Stubs.quick(
            ClearanceActivities.class,
            Queues.of(target.workspace()),
            patience,
            "is the candidate refused or " + target.workspace() + " frozen?")
        .clearance(new QuarantineQuery(target.workspace(), target.model(), digest, commit));
  }

  private void refuse(Station target, Clearance clearance) {
    Quarantined entry = clearance.quarantined();
    if (entry != null) {
      throw new PromotionEnd(
          PromotionState.REJECTED,
          Problem.of(
              FailureKind.USER,
              "promote " + entry.candidate() + " of " + target.model(),
              "hop to " + target.workspace(),
              "it is in quarantine: " + entry.text(),
              "Promote another candidate; or, " + afterAll(entry)));
    }
  }

  private String afterAll(Quarantined entry) {
    return "if it may go live after all: " + entry.lift() + ", then: " + Repeat.of(journey.start());
  }

  /**
   * A person said no: nobody is asked about the same bytes again, until someone lifts that.
   *
   * @return what to do if it may go live after all
   */
  String quarantine(Station target, Candidate candidate, String by, @Nullable String reason) {
    Quarantined entry = rejected(target, candidate, by, reason);
    try {
      Stubs.quick(
              QuarantineActivities.class,
              Queues.of(target.workspace()),
              TO_RECORD,
              "put the rejected candidate in quarantine")
          .quarantine(entry);
      return afterAll(entry);
    } catch (TemporalFailure failure) {
      journey
          .progress()
          .notice(
              "the rejected candidate is not in quarantine in "
                  + target.workspace()
                  + ", so it could be promoted again: "
                  + Failures.line(failure));
      return "this one again: " + Repeat.of(journey.start());
    }
  }

  private Quarantined rejected(
      Station target, Candidate candidate, String by, @Nullable String reason) {
    return Quarantined.of(
            target.workspace(),
            target.model(),
            candidate.manifest().digest(),
            Quarantined.Why.REJECTED,
            journey.id(),
            by,
            PromotionProgress.now())
        .commit(candidate.commit())
        // It has one where people were asked again after it was registered.
        .version(
            journey
                .journal()
                .find(StepNames.hop(target, "register"), Hop.Arrived.class)
                .map(arrived -> arrived.version().version())
                .orElse(null))
        .reason(reason)
        .origin(
            "version "
                + candidate.originVersion()
                + " of "
                + candidate.originModel()
                + " in "
                + candidate.origin().workspace())
        .build();
  }
}
