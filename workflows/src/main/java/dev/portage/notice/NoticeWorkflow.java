package dev.portage.notice;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/**
 * Delivers one notice, beside its promotion: a receiver that is away for a day holds nothing up,
 * and a notice outlives the promotion that it is about. Its id is {@link #idOf}, so that nobody is
 * told twice of the same thing.
 */
@WorkflowInterface
public interface NoticeWorkflow {

  /** Id of the workflow that delivers a notice. */
  static String idOf(String notice) {
    return "notice/" + notice;
  }

  /** Returns a line for each receiver, once all have it or none is tried any more. */
  @WorkflowMethod
  List<NoticeReport> deliver(NoticeStart start);
}
