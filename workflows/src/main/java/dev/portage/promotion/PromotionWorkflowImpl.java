package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.DecisionRefused;
import dev.portage.approval.Receipt;
import dev.portage.candidate.Candidate;
import dev.portage.copy.CopyResult;
import dev.portage.release.Release;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.stream.Collectors;

/** The way of a promotion, one line a step. What a step does is in its own class. */
public class PromotionWorkflowImpl implements PromotionWorkflow {

  private final ApprovalDesk desk;
  private final PromotionProgress progress;
  private final Turns turns = new Turns();
  private final Messages messages;

  /** State is there before the first message is handled. */
  @WorkflowInit
  public PromotionWorkflowImpl(PromotionStart start) {
    desk = new ApprovalDesk(start.startedBy(), start.committer());
    progress = new PromotionProgress(start, desk);
    messages = new Messages(desk, progress, turns);
    Workflow.registerListener(messages);
  }

  @Override
  public PromotionView promote(PromotionStart start) {
    try {
      carry(start);
      progress.ended(PromotionState.RELEASED, released(), null);
    } catch (PromotionEnd end) {
      progress.ended(end.state(), end.problem().cameBack(), end.problem());
      throw failure(end);
    } catch (TemporalFailure cancelled) {
      progress.ended(PromotionState.CANCELLED, "cancelled; nothing of it is live", null);
      throw cancelled;
    } finally {
      Workflow.newDetachedCancellationScope(() -> Workflow.await(Workflow::isEveryHandlerFinished))
          .run();
    }
    return progress.view();
  }

  private void carry(PromotionStart start) {
    StepRunner steps = new StepRunner(progress, desk);
    Settings settings = Preparation.run(start, steps, progress);
    Journey journey = new Journey(start, settings, steps, progress, desk, turns);
    Training training = new Training(journey);
    Registration registration = new Registration(journey);

    training.check();
    TrainedRun trained = training.train();
    Candidate candidate = registration.register(trained);
    registration.mark(candidate);

    Hop.Arrival at = Hop.Arrival.atOrigin(candidate);
    for (Station target : settings.targets()) {
      Hop hop = new Hop(journey, candidate, trained, at, target);
      hop.evaluateAndApprove();
      CopyResult copied = hop.copy();
      Hop.Arrived arrived = hop.register(copied);
      at = hop.goLive(arrived);
    }
    Closing.run(journey, candidate);
  }

  private String released() {
    return "released "
        + progress.view().releases().stream()
            .map(PromotionWorkflowImpl::describe)
            .collect(Collectors.joining(", "));
  }

  private static String describe(Release release) {
    return "v" + release.version() + " in " + release.workspace();
  }

  private ApplicationFailure failure(PromotionEnd end) {
    return ApplicationFailure.newBuilder()
        .setType(end.state() == PromotionState.REJECTED ? REJECTED : FAILED)
        .setMessage(end.problem().message())
        .setDetails(progress.view())
        .setNonRetryable(true)
        .build();
  }

  @Override
  public PromotionView status() {
    return progress.view();
  }

  @Override
  public Receipt approve(DecisionMessage message) {
    return messages.take(Verdict.APPROVE, message);
  }

  @Override
  public void canApprove(DecisionMessage message) {
    refuseEarly(Verdict.APPROVE, message);
  }

  @Override
  public Receipt reject(DecisionMessage message) {
    return messages.take(Verdict.REJECT, message);
  }

  @Override
  public void canReject(DecisionMessage message) {
    refuseEarly(Verdict.REJECT, message);
  }

  @Override
  public Receipt resume(DecisionMessage message) {
    return messages.take(Verdict.RESUME, message);
  }

  @Override
  public void canResume(DecisionMessage message) {
    refuseEarly(Verdict.RESUME, message);
  }

  private void refuseEarly(Verdict verdict, DecisionMessage message) {
    desk.refusal(verdict, message)
        .ifPresent(reason -> {
          throw new DecisionRefused(reason);
        });
  }
}
