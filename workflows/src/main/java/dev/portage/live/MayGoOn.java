package dev.portage.live;

/**
 * Whether a long change may still go on: a cutover may take days, and meanwhile somebody may freeze
 * the workspace or refuse the candidate.
 */
public interface MayGoOn {

  /**
   * Reads freezes and quarantine again.
   *
   * @param step name of the step that changes something
   * @param attempt number of its attempt, whose work is undone if it may not go on
   * @throws FrozenMeanwhile if the workspace is frozen by now
   * @throws dev.portage.step.EarlyEnd if the candidate is refused by now
   * @throws io.temporal.failure.TemporalFailure if that can't be read
   */
  void require(String step, int attempt);
}
