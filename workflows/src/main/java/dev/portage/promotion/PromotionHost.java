package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.failure.Problem;
import dev.portage.step.EarlyEnd;
import dev.portage.step.StepFailure;
import dev.portage.step.StepHost;

/**
 * A promotion around its steps.
 *
 * @param progress reports to people
 * @param desk where the order to resume arrives
 * @param noticeSender sends notices
 */
record PromotionHost(PromotionProgress progress, ApprovalDesk desk, NoticeSender noticeSender)
    implements StepHost {

  @Override
  public void stops(StepFailure failure) {
    String name = desk.openStop();
    progress.stopped(failure.step(), failure.problem());
    noticeSender.stopped(name);
  }

  @Override
  public boolean isResumed() {
    return desk.isResumed();
  }

  @Override
  public void stopEnds() {
    desk.closeStop();
  }

  @Override
  public EarlyEnd gaveUp(Problem problem) {
    return new PromotionEnd(PromotionState.FAILED, problem);
  }

  @Override
  public void notice(String text) {
    progress.notice(text);
  }
}
