package dev.portage.livewatch;

import dev.portage.failure.Failures;
import dev.portage.live.ReleasedEndpoint;
import dev.portage.live.ReleasedEndpoint.Seen;
import dev.portage.serving.Verdict;
import dev.portage.settings.ServeWatch;
import dev.portage.settings.WrittenDuration;
import dev.portage.step.Attempt;
import dev.portage.step.Course;
import dev.portage.step.StepProgress;
import dev.portage.text.Utc;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Step {@code watch}: looks at the version until its time is over, another one is live, or two
 * looks in a row found a limit broken. A look that fails, or that finds the endpoint not as it was
 * released, says nothing about the version.
 */
final class Watching {

  /** Key in the journal of what looks found. */
  private static final String LOOKS = "looks";

  /**
   * After this many failed looks in a row people are told; and once the time is over, a broken
   * limit is no longer waited to be confirmed.
   */
  private static final int BLIND = 3;

  private final LiveWatchStart start;
  private final Course course;
  private final LiveWatchNotices notices;
  private final ReleasedEndpoint endpoint;
  private final ServeWatch watch;
  private final Instant until;
  private WatchFindings looks;
  private boolean isLookWanted;

  Watching(LiveWatchStart start, Course course, LiveWatchNotices notices) {
    this.start = start;
    this.course = course;
    this.notices = notices;
    this.watch = start.watch();
    this.until = course.view().started().plus(watch.lasts());
    this.endpoint =
        new ReleasedEndpoint(
            new LiveWatchContext(start, Workflow.getInfo().getWorkflowId()),
            start.version(),
            start.released(),
            start.before(),
            start.serve(),
            start.files());
    looks = course.journal().find(LOOKS, WatchFindings.class).orElse(WatchFindings.NONE);
    course.journal().keep(LOOKS, () -> looks);
  }

  /** Name of the endpoint. */
  String endpoint() {
    return endpoint.name();
  }

  /** When its time is over. */
  Instant until() {
    return until;
  }

  /** What was found so far. */
  WatchFindings looks() {
    return looks;
  }

  /** Another version may be live by now: the next look is at once. */
  void lookNow() {
    isLookWanted = true;
  }

  /** Watches until one of these ends it. */
  WatchEnd run(Attempt attempt) {
    says(attempt);
    while (true) {
      Duration left = Duration.between(now(), until);
      boolean confirms = looks.suspect() != null;
      if (!left.isPositive() && (!confirms || looks.unseen() >= BLIND)) {
        return over();
      }
      course
          .nextRun()
          .await(
              confirms || left.compareTo(watch.every()) > 0 ? pause(confirms) : left,
              summary(confirms),
              () -> isLookWanted);
      isLookWanted = false;
      looks = looks.begun();
      WatchEnd ended = look();
      if (ended != null) {
        return ended;
      }
      says(attempt);
    }
  }

  private Duration pause(boolean confirms) {
    return confirms ? watch.untilConfirmed() : watch.every();
  }

  private String summary(boolean confirms) {
    return (confirms ? "look again, since a limit is broken: " : "next look at ")
        + "version "
        + start.version()
        + " of endpoint "
        + endpoint.name()
        + ", watched until "
        + Utc.seconds(until);
  }

  private @Nullable WatchEnd look() {
    Seen seen;
    try {
      seen = endpoint.look(Workflow.getInfo().getWorkflowId() + "/" + looks.count());
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      String why = Failures.line(failure);
      isBlind("the look failed: " + why, why);
      return null;
    }
    return switch (seen) {
      case Seen.Moved moved ->
          new WatchEnd(
              WatchEnd.How.REPLACED,
              "the champion is "
                  + moved.champion()
                  + (moved.by() == null ? "" : ", released by " + moved.by())
                  + ": version "
                  + start.version()
                  + " is no longer watched",
              null,
              now());
      case Seen.Changed changed -> {
        isChanged(changed);
        yield null;
      }
      case Seen.Judged judged -> judged(judged);
    };
  }

  /** A failed look says nothing about the version, but people must know that it is not watched. */
  private void isBlind(String last, String why) {
    looks = looks.unseen(last, now());
    if (looks.unseen() == 1) {
      course.notice("the look at " + clock() + " found nothing out: " + why);
    } else if (looks.unseen() == BLIND) {
      notices.isBlind(
          BLIND + " looks in a row found nothing out, the last at " + clock() + ": " + why);
    }
  }

  /** Without requests nothing is known; where a broken limit is to be confirmed, that is told. */
  private void isNotJudged(Verdict verdict) {
    if (looks.suspect() == null) {
      looks = looks.notJudged(verdict.text(), now());
    } else {
      isBlind(verdict.text(), verdict.text());
    }
  }

  private void isChanged(Seen.Changed changed) {
    String text =
        changed.text()
            + (changed.by() == null
                ? ": somebody changed it by hand"
                : "; " + changed.by() + " changed it last");
    if (!text.equals(looks.changed())) {
      String said =
          text
              + " (seen at "
              + clock()
              + "). The version is not judged, and not rolled back, until the endpoint is as it was"
              + " released";
      course.notice(said);
      if (changed.by() == null) {
        notices.isChanged(said, looks.count());
      }
    }
    looks = looks.changed(text, now());
  }

  private @Nullable WatchEnd judged(Seen.Judged judged) {
    Verdict verdict = judged.verdict();
    if (looks.changed() != null) {
      course.notice("at " + clock() + " the endpoint was again as it was released");
    }
    if (!verdict.judged()) {
      isNotJudged(verdict);
      return null;
    }
    if (looks.unseen() >= BLIND) {
      course.notice("since " + clock() + " looks can judge the version again");
    }
    if (!judged.isFormerKept() && !looks.formerGone()) {
      looks = looks.withoutFormer();
      course.notice(
          "the previous version is no longer kept on the endpoint: going back would have to start"
              + " it first");
    }
    if (verdict.broken().isEmpty()) {
      if (looks.suspect() != null) {
        course.notice("the next look found no limit broken: " + verdict.text());
      }
      looks = looks.good(verdict.text(), now());
      return null;
    }
    String broken = String.join("; ", verdict.broken());
    Instant first = looks.suspectAt();
    String before = looks.suspect();
    if (before == null || first == null) {
      looks = looks.bad(verdict.text(), broken, now());
      course.notice(
          "a limit was broken at "
              + clock()
              + ": "
              + broken
              + "; the next look, "
              + WrittenDuration.text(watch.untilConfirmed())
              + " later, decides whether it is taken back");
      return null;
    }
    if (now().isBefore(first.plus(watch.untilConfirmed()))) {
      // Somebody made it look at once, while the endpoint's gauges still cover the same minute.
      looks = looks.stillBad(verdict.text(), now());
      return null;
    }
    looks = looks.bad(verdict.text(), broken, now());
    return new WatchEnd(
        WatchEnd.How.BROKEN,
        start.what() + " broke a limit",
        broken + " (at " + clock() + ", and before, at " + Utc.seconds(first) + ")",
        now());
  }

  private WatchEnd over() {
    String changed = looks.changed();
    return new WatchEnd(
        WatchEnd.How.OVER,
        start.what()
            + " was watched for "
            + WrittenDuration.text(watch.lasts())
            + ", and "
            + found()
            + (changed == null ? "" : "; at the end it was not judged: " + changed),
        null,
        now());
  }

  private String found() {
    if (looks.suspect() != null) {
      return "the last look that judged it found a limit broken, which no later look confirmed: "
          + looks.suspect();
    }
    return looks.judged() == 0
        ? "NOT JUDGED by any of " + looks.count() + " looks"
        : "broke no limit in " + looks.judged() + " of " + looks.count() + " looks";
  }

  private void says(Attempt attempt) {
    String last = looks.last();
    attempt.says(
        StepProgress.of(
            start.what()
                + " on endpoint "
                + endpoint.name()
                + ", watched until "
                + Utc.seconds(until)
                + "; "
                + looks.count()
                + (looks.count() == 1 ? " look" : " looks")
                + (looks.judged().equals(looks.count())
                    ? ""
                    : ", " + looks.judged() + " of them judged")
                + (last == null ? "" : "; last: " + last),
            Duration.between(course.view().started(), now()).toSeconds(),
            watch.lasts().toSeconds()));
  }

  private static String clock() {
    return Utc.seconds(now());
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
