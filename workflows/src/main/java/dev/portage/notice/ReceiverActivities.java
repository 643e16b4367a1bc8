package dev.portage.notice;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Who is told, according to the platform file as it is now. On task queue {@code portage}. */
@ActivityInterface
public interface ReceiverActivities {

  /** Those who are told about a model; empty when nobody is. */
  List<NoticeReceiver> receivers(ReceiverQuery query);
}
