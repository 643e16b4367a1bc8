package dev.portage.lane;

import io.temporal.activity.ActivityInterface;

/**
 * Talks to lanes and checks on their holders, as a client of Temporal. On task queue {@code
 * portage}.
 */
@ActivityInterface
public interface TurnActivities {

  /**
   * Queues a request and waits, with heartbeats, until the lane itself says that this request holds
   * the turn, and by which number. If the lane is lost, or has forgotten the request, it is
   * requested again within seconds. It needs no signal, which others could send, and of which a
   * workflow accepts a limited number.
   *
   * @throws io.temporal.failure.ApplicationFailure with the lane's problem when it can't grant it
   */
  Grant awaitGrant(TurnRequest request);

  /** Gives a turn back; harmless when it is not held. */
  void giveBack(TurnRequest request);

  /**
   * Whether a workflow still has, or still wants, the turn that a request is about: it runs and
   * says so itself. Of those that run and can't say it, one that only waits counts as not wanting
   * it, since it could not give it back; any other is believed to.
   */
  HolderLook lookAtHolder(TurnRequest request);
}
