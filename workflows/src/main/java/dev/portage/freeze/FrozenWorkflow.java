package dev.portage.freeze;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Knows the promotions that a frozen workspace holds up, id {@code frozen/<workspace>}, and tells
 * them when freezes are ended early: so that thousands need not ask again and again. It reads
 * nothing itself. Should it be lost, promotions find out by themselves, only later. It ends when
 * nobody is held up any more.
 */
@WorkflowInterface
public interface FrozenWorkflow {

  /** Name of the signal {@link #ended}. */
  String ENDED = "ended";

  /** Its workflow id. */
  static String idOf(String workspace) {
    return "frozen/" + workspace;
  }

  /**
   * Runs while promotions are held up.
   *
   * @param state how an earlier run left it; null for nobody
   */
  @WorkflowMethod
  void run(@Nullable FrozenState state);

  /** A promotion is held up; the same one again counts once. What is no promotion has no effect. */
  @SignalMethod
  void hold(@Nullable Held held);

  /** Freezes were ended: each that is held up looks for itself which are left. */
  @SignalMethod(name = ENDED)
  void ended();

  /** Whom it holds up. */
  @QueryMethod
  FrozenState state();
}
