package dev.portage.adopt;

import dev.portage.approval.Receipt;
import dev.portage.candidate.ManifestRef;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.lane.TurnRequest;
import dev.portage.lane.Turns;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.step.Course;
import dev.portage.step.CourseState;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.step.StepProgress;
import dev.portage.step.StepRunner;
import dev.portage.temporal.Given;
import dev.portage.temporal.Queues;
import dev.portage.tracking.TrainedRun;
import dev.portage.versioncopy.StandIn;
import dev.portage.versioncopy.VersionManifest;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** See {@link AdoptWorkflow}. One line a step; what a step does is in its own class. */
public final class AdoptWorkflowImpl implements AdoptWorkflow {

  private static final String LOOK = "look";
  private static final String DIGEST = "digest";
  private static final String TURN = "turn";
  private static final String RECORD = "record";

  private final AdoptStart start;
  private final Course course;

  /** The state exists before the first message is handled. */
  @WorkflowInit
  public AdoptWorkflowImpl(@Nullable AdoptStart given, @Nullable CourseState before) {
    start = Given.input(given, AdoptStart.class);
    course = new Course(() -> AdoptPage.details(status()), before);
  }

  @Override
  public AdoptView adopt(AdoptStart same, @Nullable CourseState before) {
    List<String> steps = start.isDry() ? List.of(LOOK) : List.of(LOOK, DIGEST, TURN, RECORD);
    return course.run(start, steps, this::carryOut, this::status);
  }

  private String carryOut(StepRunner steps) {
    Findings looked =
        steps.onceRecorded(
            LOOK, Findings.class, start.workspace(), attempt -> look(FirstLook.look(start)));
    String recorded = looked.recorded();
    if (recorded != null) {
      return recorded;
    }
    if (start.isDry()) {
      return "dry run; nothing was changed";
    }
    Digested digested =
        steps.resumable(
            DIGEST,
            Digested.class,
            start.workspace(),
            attempt -> {
              attempt.says(StepProgress.of(amount(looked)));
              return digest(looked);
            });
    Release release = record(steps, looked, digested);
    return "version "
        + release.version()
        + " of "
        + release.model()
        + " is recorded as the release that is live in "
        + release.workspace();
  }

  private static Made<Findings> look(Findings looked) {
    return Made.of(
        looked,
        "version "
            + looked.version().version()
            + " of "
            + looked.version().model()
            + (looked.recorded() == null ? "" : ", recorded already"));
  }

  private static String amount(Findings looked) {
    return looked.plan().files() + " files, " + looked.plan().bytes() + " bytes";
  }

  /**
   * A version's bytes.
   *
   * @param manifest of its files
   * @param runId run that keeps it
   */
  record Digested(ManifestRef manifest, String runId) {}

  private Made<Digested> digest(Findings looked) {
    AdoptSettings settings = looked.settings();
    TrainedRun trained =
        StandIn.of(
            looked.trained(),
            Queues.of(settings.target().workspace()),
            settings.retryTimeout(),
            course::notice);
    VersionManifest manifest =
        new VersionManifest(looked.version(), trained.model(), settings.retryTimeout());
    Optional<ManifestRef> known = manifest.find();
    ManifestRef made =
        known.isPresent() ? known.get() : manifest.make(Workflow.getInfo().getWorkflowId());
    return Made.of(
        new Digested(made, trained.model().runId()),
        "digest "
            + made.shortDigest()
            + ", "
            + made.files()
            + " files, "
            + made.bytes()
            + " bytes");
  }

  /** Under the turn; whatever fails, the turn is given back before anyone is asked to resume. */
  private Release record(StepRunner steps, Findings looked, Digested digested) {
    Optional<Release> known = course.journal().find(RECORD, Release.class);
    if (known.isPresent()) {
      return known.get();
    }
    steps.stoppedBefore(List.of(TURN, RECORD)).ifPresent(steps::awaitResume);
    while (true) {
      try {
        return underTurn(steps, looked, digested);
      } catch (StepFailure failure) {
        steps.awaitResume(failure);
      }
    }
  }

  private Release underTurn(StepRunner steps, Findings looked, Digested digested) {
    Station target = looked.settings().target();
    Turns turns = course.turns();
    TurnRequest turn =
        steps.once(
            TURN,
            target.workspace(),
            attempt -> {
              attempt.says(StepProgress.of("lane/" + target.workspace() + "/" + target.model()));
              return Made.of(
                  turns.take(target.workspace(), target.model(), course.nextRun()::meanwhile),
                  "the turn of " + target.model() + " in " + target.workspace());
            });
    Release release;
    try {
      release =
          steps.onceRecorded(
              RECORD,
              Release.class,
              target.workspace(),
              attempt -> {
                Recording recording =
                    new Recording(
                        start, looked, digested.manifest(), digested.runId(), attempt.key(), turns);
                if (!recording.stands()) {
                  throw changed(target, looked);
                }
                MarkClearance.require(looked, digested.manifest().digest());
                Release written = whole(recording);
                return Made.of(written, "version " + written.version() + " is labelled live");
              });
    } catch (StepFailure | TemporalFailure failure) {
      turns.giveBack(turn);
      throw failure;
    }
    turns.giveBack(turn);
    return release;
  }

  /**
   * Begun, it is finished: a cancel would leave half of it. If it can't be, what was tagged for it
   * is nobody's again.
   */
  private Release whole(Recording recording) {
    Release[] written = new Release[1];
    Workflow.newDetachedCancellationScope(
            () -> {
              try {
                written[0] = recording.write();
              } catch (TemporalFailure failure) {
                recording.undo().forEach(course::notice);
                throw failure;
              }
            })
        .run();
    return written[0];
  }

  private static StepFailure changed(Station target, Findings looked) {
    return new StepFailure(
        RECORD,
        Problem.of(
            FailureKind.FATAL,
            "adopt " + target.model(),
            "workspace " + target.workspace(),
            FirstLook.mark(target)
                + " was moved since it was looked at: it was "
                + (looked.marked() ? "version " + looked.version().version() : "no version"),
            "Nothing was recorded. Run portage adopt again, which shows what is live now."),
        false);
  }

  @Override
  public Receipt resume(@Nullable RawValue message) {
    return course.messages().resume(message);
  }

  @Override
  public @Nullable TurnRequest turnWanted() {
    return course.turns().wanted();
  }

  @Override
  public AdoptView status() {
    return AdoptView.of(
        course.view(),
        start,
        course.journal().find(LOOK, Findings.class).map(Findings::plan).orElse(null),
        course.journal().find(RECORD, Release.class).orElse(null));
  }
}
