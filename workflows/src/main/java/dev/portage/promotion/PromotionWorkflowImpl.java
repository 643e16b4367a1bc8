package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.Receipt;
import dev.portage.candidate.Arrival;
import dev.portage.candidate.Candidate;
import dev.portage.copy.CopyResult;
import dev.portage.duplicates.Deduplication;
import dev.portage.duplicates.DuplicateCheck;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.lane.TurnRequest;
import dev.portage.lane.Turns;
import dev.portage.live.EndpointDuplicateCheck;
import dev.portage.live.JobDuplicateCheck;
import dev.portage.live.LiveThings;
import dev.portage.scoring.Rehearsal;
import dev.portage.serving.SoakDesk;
import dev.portage.serving.SoakOrder;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.step.Handover;
import dev.portage.step.Journal;
import dev.portage.step.NextRun;
import dev.portage.step.StepRunner;
import dev.portage.temporal.Given;
import dev.portage.temporal.Memos;
import dev.portage.text.Bounded;
import dev.portage.tracking.TrainedRun;
import dev.portage.versioncopy.RunDuplicateCheck;
import dev.portage.versioncopy.VersionDuplicateCheck;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.DynamicUpdateHandler;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A promotion, one line per step. What a step does is in its own class. */
public class PromotionWorkflowImpl implements PromotionWorkflow {

  private final ApprovalDesk desk;
  private final PromotionProgress progress;
  private final Journal journal;
  private final Turns turns;
  private final FollowUps followUps;
  private final Deduplication deduplication = new Deduplication();
  private final Decisions decisions;
  private final NoticeSender noticeSender;
  private final Messages messages;
  private final Superseding superseding;
  private final BreakGlass breakGlass;
  private final ThawCalls thawCalls = new ThawCalls();
  private final SoakDesk soak = new SoakDesk();

  /** The state exists before the first message is handled. */
  @WorkflowInit
  public PromotionWorkflowImpl(@Nullable PromotionStart given, @Nullable CarriedOver carriedOver) {
    PromotionStart start = Given.input(given, PromotionStart.class);
    if (carriedOver == null) {
      journal = new Journal(null);
      desk = new ApprovalDesk(start.involved());
      progress = new PromotionProgress(start, desk);
    } else {
      journal = new Journal(carriedOver.steps());
      desk = new ApprovalDesk(carriedOver.desk());
      progress =
          new PromotionProgress(
              start,
              desk,
              carriedOver.progress(),
              carriedOver.steps(),
              journal.find(StepNames.PREPARE, Settings.class).orElse(null));
      carriedOver.versions().forEach(deduplication::remember);
      carriedOver.copies().forEach(deduplication::remember);
      carriedOver.jobs().forEach(deduplication::remember);
      Objects.requireNonNullElse(carriedOver.endpoints(), List.<EndpointDuplicateCheck>of())
          .forEach(deduplication::remember);
    }
    turns =
        carriedOver == null
            ? new Turns(null, 0)
            : new Turns(carriedOver.turn(), carriedOver.turns());
    superseding = new Superseding(start, progress, turns, carriedOver);
    breakGlass = new BreakGlass(progress, carriedOver);
    followUps = new FollowUps(progress, desk, carriedOver);
    decisions = new Decisions(desk, progress, carriedOver);
    noticeSender = new NoticeSender(start, progress, desk, carriedOver);
    journal.find(StepNames.PREPARE, Settings.class).ifPresent(noticeSender::settings);
    messages =
        new Messages(
            desk,
            progress,
            turns,
            decisions,
            noticeSender,
            superseding,
            new Messages.Others(breakGlass, thawCalls, new SoakOrders(soak, progress)));
    Workflow.registerListener(messages);
    Workflow.registerListener((DynamicUpdateHandler) messages::refuseUnknown);
  }

  @Override
  public PromotionView promote(PromotionStart start, @Nullable CarriedOver carriedOver) {
    CancelOrder cancel = new CancelOrder(start, progress, carriedOver);
    Leg leg = new Leg(start, carriedOver, cancel);
    Workflow.newDetachedCancellationScope(progress::keepPublishing).run();
    if (carriedOver != null) {
      progress.publish();
      followUps.goOn();
      decisions.goOn();
    }
    try {
      superseding.run(cancel, () -> carry(start, leg, cancel));
      lastLooks(leg.nextRun);
      progress.ended(PromotionState.RELEASED, progress.outcome().released(), null);
    } catch (PromotionEnd end) {
      leg.nextRun.stays();
      lastLooks(leg.nextRun);
      if (end.state() != PromotionState.RELEASED) {
        throw ended(end, cancel);
      }
      progress.notice(end.problem().remedy());
      progress.ended(PromotionState.RELEASED, end.problem().cameBack(), null);
      finish(cancel, false);
      return progress.shortView();
    } catch (TemporalFailure failure) {
      leg.nextRun.stays();
      lastLooks(leg.nextRun);
      if (cancel.isTooLate()) {
        progress.notice("after the model was live: " + Failures.line(failure));
        progress.ended(PromotionState.RELEASED, progress.outcome().released(), null);
      } else if (cancel.came()) {
        cancel.finish();
        finish(cancel);
        throw failure;
      } else if (superseding.tookEffect()) {
        throw ended(superseding.end(), cancel);
      } else {
        throw ended(unforeseen(failure), cancel);
      }
    }
    finish(cancel);
    return progress.shortView();
  }

  private void carry(PromotionStart start, Leg leg, CancelOrder cancel) {
    StepRunner steps = leg.steps;
    Settings settings = Preparation.run(start, steps, progress);
    noticeSender.settings(settings);
    Journey journey =
        new Journey(
            start,
            settings,
            new Journey.Parts(
                progress,
                new Journey.Approvals(desk, decisions, breakGlass, thawCalls, soak),
                new Journey.Place(turns, superseding),
                followUps,
                deduplication,
                journal,
                noticeSender),
            steps,
            cancel,
            leg.nextRun,
            liveThings());
    Unmarking unmarking = new Unmarking(journey);
    try {
      carry(journey, unmarking);
    } catch (PromotionEnd | TemporalFailure end) {
      unmarking.run();
      throw end;
    }
  }

  private void carry(Journey journey, Unmarking unmarking) {
    Training training = new Training(journey);
    Registration registration = new Registration(journey);

    superseding.enter(journey.settings());
    new Clearing(journey).requireAtStart();
    training.check();
    TrainedRun trained = training.train();
    training.askWhoMade(trained);
    new Clearing(journey).requireOf(trained);
    Candidate candidate = registration.register(trained);
    superseding.enter(journey.settings(), candidate);
    unmarking.begins(candidate);
    registration.mark(candidate);
    carry(journey, candidate, trained);
  }

  /** What hops change; of a test, other things, too. */
  protected LiveThings liveThings() {
    return LiveThings.known();
  }

  /** From where it is marked to where it is live. */
  private static void carry(Journey journey, Candidate candidate, TrainedRun trained) {
    Rehearsal rehearsal = new Rehearsing(journey, candidate).run();

    Arrival at = Arrival.atOrigin(candidate);
    for (Station target : journey.settings().targets()) {
      Hop hop = new Hop(journey, candidate, trained, rehearsal, at, target);
      hop.evaluateAndApprove();
      CopyResult copied = hop.copy();
      Hop.Arrived arrived = hop.register(copied);
      at = hop.goLive(arrived);
    }
    Closing.run(journey, candidate, at);
  }

  /** The part of the way that one run of the workflow goes. */
  private final class Leg implements Handover {
    private final PromotionStart start;
    private final NextRun nextRun;
    private final StepRunner steps;
    private final CancelOrder cancel;

    Leg(PromotionStart start, @Nullable CarriedOver carriedOver, CancelOrder cancel) {
      this.start = start;
      this.cancel = cancel;
      nextRun = new NextRun(this);
      steps =
          new StepRunner(
              new PromotionHost(progress, desk, noticeSender),
              journal,
              progress.steps(),
              nextRun,
              carriedOver == null ? null : carriedOver.steps());
    }

    @Override
    public boolean isAtRest() {
      return followUps.isAtRest() && noticeSender.isAtRest();
    }

    @Override
    public void pause() {
      decisions.pause();
    }

    @Override
    public boolean isPaused() {
      return decisions.isPaused();
    }

    @Override
    public void goesOn() {
      decisions.goOn();
    }

    @Override
    public void stays(String why) {
      progress.notice(why);
    }

    @Override
    public List<Object> arguments() {
      return List.of(start, carriedOn());
    }

    @Override
    public Map<String, Object> memo() {
      return Map.of(
          Memos.FILE_HASH,
          start.fileHash(),
          Memos.STARTED,
          progress.standing().started().toString());
    }

    private CarriedOver carriedOn() {
      List<DuplicateCheck> looks = deduplication.remembered();
      return CarriedOver.of(steps.state(), progress.standing(), desk.state())
          .decisions(decisions.sent(), decisions.count())
          .turns(turns.wanted(), turns.asked())
          .duplicates(
              only(VersionDuplicateCheck.class, looks),
              only(RunDuplicateCheck.class, looks),
              only(JobDuplicateCheck.class, looks),
              only(EndpointDuplicateCheck.class, looks))
          .followUps(followUps.left(), followUps.done())
          .tooLate(cancel.isTooLate())
          .sentNotices(noticeSender.state())
          .superseded(superseding.message())
          .breakGlass(breakGlass.state())
          .build();
    }

    private static <T> List<T> only(Class<T> type, List<DuplicateCheck> looks) {
      return looks.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  /**
   * However it ends: follow-ups are completed, and duplicates from calls without a response are
   * removed.
   */
  private void lastLooks(NextRun nextRun) {
    if (deduplication.hasBegun()) {
      // Before another run may take over, which would not learn of it.
      deduplication.atTheEnd().forEach(progress::notice);
    }
    followUps.await(nextRun);
    deduplication.atTheEnd().forEach(progress::notice);
  }

  /** A failure outside any step: there is nothing to resume. */
  private PromotionEnd unforeseen(TemporalFailure failure) {
    Problem problem = Failures.problemOf(failure, "the promotion", "step " + progress.step());
    return new PromotionEnd(PromotionState.FAILED, problem);
  }

  private ApplicationFailure ended(PromotionEnd end, CancelOrder cancel) {
    progress.ended(end.state(), end.problem().cameBack(), end.problem());
    finish(cancel);
    return Failures.withoutStack(
        ApplicationFailure.newBuilder()
            .setType(type(end.state()))
            .setMessage(Bounded.lines(end.problem().message(), Bounded.MESSAGE))
            .setDetails(progress.shortView())
            .setNonRetryable(true)
            .build());
  }

  private static String type(PromotionState state) {
    return switch (state) {
      case REJECTED -> REJECTED;
      case SUPERSEDED -> SUPERSEDED;
      default -> FAILED;
    };
  }

  /** The final state. Senders of messages still get their answers. */
  private void finish(CancelOrder cancel) {
    finish(cancel, true);
  }

  /**
   * The same.
   *
   * @param isNews whether people are to be told
   */
  private void finish(CancelOrder cancel, boolean isNews) {
    superseding.leave(progress.view().state() == PromotionState.RELEASED);
    noticeSender.ended(isNews);
    String unfinished = String.join("; ", progress.outcome().unfinishedTexts());
    if (cancel.came()) {
      // Temporal closes it as cancelled, heard or not, and such a close keeps no result: without a
      // worker this line is all that is known.
      Workflow.upsertMemo(
          Map.of(
              Memos.SAYS,
              progress.view().says()
                  + (unfinished.isEmpty() ? "" : "; unfinished: " + unfinished)));
    }
    if (!unfinished.isEmpty()) {
      Workflow.upsertMemo(Map.of(Memos.UNFINISHED, unfinished));
    }
    decisions.end();
    Workflow.newDetachedCancellationScope(() -> Workflow.await(Workflow::isEveryHandlerFinished))
        .run();
    progress.publishNow();
  }

  @Override
  public PromotionView status() {
    return progress.shortView();
  }

  @Override
  public @Nullable TurnRequest turnWanted() {
    return turns.wanted();
  }

  @Override
  public Receipt approve(@Nullable RawValue message) {
    return messages.take(Verdict.APPROVE, message);
  }

  @Override
  public Receipt reject(@Nullable RawValue message) {
    return messages.take(Verdict.REJECT, message);
  }

  @Override
  public Receipt breakGlass(@Nullable RawValue message) {
    return messages.breakGlass(message);
  }

  @Override
  public Receipt proceed(@Nullable RawValue message) {
    return messages.soak(SoakOrder.What.PROCEED, message);
  }

  @Override
  public Receipt abort(@Nullable RawValue message) {
    return messages.soak(SoakOrder.What.ABORT, message);
  }

  @Override
  public Receipt resume(@Nullable RawValue message) {
    return messages.take(Verdict.RESUME, message);
  }
}
