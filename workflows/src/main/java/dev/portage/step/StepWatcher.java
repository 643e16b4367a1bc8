package dev.portage.step;

import java.time.Duration;

/** Whoever shows and counts steps: told of each change. Must not wait. */
public interface StepWatcher {

  /**
   * The workflow does something else now.
   *
   * @param what in one line, beginning with the step's name
   */
  void running(String what);

  /** The list of steps has changed, without anything else being done. */
  void changed();

  /**
   * A step has ended.
   *
   * @param took from its first attempt to its end
   */
  void ended(String step, StepView.State how, Duration took);
}
