package dev.portage.notice;

import io.temporal.activity.ActivityInterface;

/** Delivers notices. On task queue {@code portage-notices}. */
@ActivityInterface
public interface NoticeActivities {

  /**
   * Sends a notice to one receiver. A repeat sends it again under the same id: a receiver that
   * answers late gets it twice, and tells by the id.
   *
   * @return how the receiver answered, in one line
   */
  String deliver(NoticeOrder order);
}
