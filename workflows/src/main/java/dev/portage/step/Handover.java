package dev.portage.step;

import java.util.List;
import java.util.Map;

/** What a workflow hands to its next run, and how it comes to rest before. */
public interface Handover {

  /** Whether nothing is under way that the next run would do a second time. */
  boolean isAtRest();

  /** Another run is about to take over: messages that wait stay unanswered, if they may. */
  void pause();

  /** Whether nothing of that is under way any more, and what waits can be carried. */
  boolean isPaused();

  /** No other run takes over for now. */
  void goesOn();

  /** All there is to hand over: the arguments of the workflow's method. Asked at rest. */
  List<Object> arguments();

  /** The memo of the next run, which inherits none. */
  Map<String, Object> memo();

  /** It can't be handed over: this run continues to its end. */
  void stays(String why);
}
