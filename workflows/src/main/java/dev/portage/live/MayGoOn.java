package dev.portage.live;

/**
 * Whether a change that takes long may still go on: a cutover may take days, and in the meantime
 * somebody may freeze the workspace or refuse the candidate.
 */
public interface MayGoOn {

  /**
   * Looks.
   *
   * @param step name of the step that changes something
   * @param attempt of the step, whose work is undone if it may not
   * @throws FrozenMeanwhile if the workspace is frozen by now
   * @throws dev.portage.step.EarlyEnd if the candidate is refused by now
   * @throws io.temporal.failure.TemporalFailure if that can't be read
   */
  void require(String step, int attempt);
}
