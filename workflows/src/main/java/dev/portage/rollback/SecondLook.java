package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThings;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.step.Course;
import dev.portage.step.EarlyEnd;
import dev.portage.step.StepFailure;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The look under the turn, right before a rollback changes anything: what is live must still be
 * what was decided on. If somebody else has made another version live, nothing is changed under it.
 */
final class SecondLook {

  /** A rollback that started less than this ago has just read whether its target is refused. */
  private static final Duration QUARANTINE_LASTS = Duration.ofMinutes(10);

  /** How long to try to read quarantines: others wait for the turn. */
  private static final Duration TO_LOOK = Duration.ofSeconds(30);

  /** Key in the journal of the version that others had made live when a person was told of it. */
  private static final String OTHERS = "others";

  private final Course course;
  private final RollbackContext context;
  private final Findings looked;
  private final PuttingBack putting;

  /**
   * @param looked what the rollback was decided on
   * @param putting collects what a person has to put right
   */
  SecondLook(Course course, RollbackContext context, Findings looked, PuttingBack putting) {
    this.course = course;
    this.context = context;
    this.looked = looked;
    this.putting = putting;
  }

  /**
   * What was live before any turn of this rollback changed anything.
   *
   * @throws EarlyEnd if that is no longer what was decided on; nothing was changed then
   * @throws StepFailure if it can't be read, or if a person has to put something right first
   */
  List<LiveState> look() {
    List<LiveState> now;
    try {
      now = LiveNow.all(context, looked.known());
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      throw new StepFailure(
          RollbackSteps.TURN,
          Failures.problemOf(failure, "look at what is live", "workspace " + context.workspace()),
          false);
    }
    Optional<Restoring.Before> kept =
        course.journal().find(Restoring.BEFORE, Restoring.Before.class);
    String version = now.getLast().version();
    if (kept.isPresent() && !isOurs(version)) {
      throw changedByOthers(version, kept.get().states());
    }
    if (kept.isEmpty() && !Objects.equals(version, looked.plan().from())) {
      throw new EarlyEnd(
          changed(
              version,
              "Nothing was changed. Run the command again: it shows what it would do now."));
    }
    if (kept.isEmpty()) {
      requireNotRefusedSince();
    }
    return kept.map(Restoring.Before::states).orElse(now);
  }

  /**
   * Refuses a target that somebody has put in quarantine while the rollback waited for people or
   * for the turn: whoever agreed to the rollback did not know of it.
   */
  private void requireNotRefusedSince() {
    Instant now = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    if (looked.quarantined() != null
        || now.isBefore(course.view().started().plus(QUARANTINE_LASTS))) {
      return;
    }
    Optional<Quarantined> refused;
    try {
      refused =
          WayBack.Recorded.refusal(
              looked.target(),
              Stubs.quick(
                      QuarantineActivities.class,
                      Queues.of(context.workspace()),
                      TO_LOOK,
                      "was version " + looked.target().version() + " refused meanwhile?")
                  .quarantines(QuarantineQuery.all(context.workspace(), context.model())));
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      // An unreadable log must not keep anyone from going back.
      course.notice(
          "it is not known whether version "
              + looked.target().version()
              + " was refused meanwhile: "
              + Failures.line(failure));
      return;
    }
    if (refused.isPresent()) {
      throw new EarlyEnd(
          Problem.of(
              FailureKind.USER,
              "roll back " + context.model(),
              "workspace " + context.workspace(),
              "version "
                  + looked.target().version()
                  + " was put in quarantine since it was decided to go back to it: "
                  + refused.get().text(),
              "Nothing was changed. Run the command again: it shows that, and going back lifts"
                  + " it."));
    }
  }

  private RuntimeException changedByOthers(@Nullable String version, List<LiveState> before) {
    if (isLeftToOthers(version, before)) {
      course.journal().forget(Restoring.BEFORE);
      return new EarlyEnd(
          putting.and(
              changed(
                  version,
                  "What this rollback had changed was left as it is. Run the command again: it shows"
                      + " what it would do now.")));
    }
    return new StepFailure(
        RollbackSteps.TURN,
        changed(
            version,
            "Put right by hand what is not right. Then portage resume "
                + context.holder()
                + " leaves the rest as it is and ends this rollback."),
        false);
  }

  private Problem changed(@Nullable String version, String remedy) {
    return Problem.of(
        FailureKind.USER,
        "roll back " + context.model(),
        "workspace " + context.workspace(),
        "what is live has changed since it was decided: it was "
            + RollbackPlan.version(looked.plan().from())
            + ", and is "
            + RollbackPlan.version(version),
        remedy);
  }

  /** Whether a version is the one that this rollback leaves, or goes to: nobody else moved it. */
  boolean isOurs(@Nullable String version) {
    return Objects.equals(version, looked.plan().from()) || looked.plan().to().equals(version);
  }

  /**
   * Somebody else made another version live, while something that this rollback changed was not put
   * back. To put it back now would change what belongs to that version, so it stays as it is and a
   * person is told of it; an order to resume, given with that in view, leaves it so.
   *
   * @return whether a person has been told before
   */
  boolean isLeftToOthers(@Nullable String version, List<LiveState> before) {
    putting.leave(LiveThings.known().all(), before);
    String now = RollbackPlan.version(version);
    boolean told = course.journal().find(OTHERS, String.class).filter(now::equals).isPresent();
    course.journal().put(OTHERS, now);
    course.notice(
        now
            + " was made live by somebody else, so nothing was put back"
            + (told ? "; it was ordered to leave the rest as it is" : ""));
    return told;
  }
}
