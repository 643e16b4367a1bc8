package dev.portage.platform;

import dev.portage.notice.NoticeReceiver;
import dev.portage.notice.ReceiverActivities;
import dev.portage.notice.ReceiverQuery;
import java.util.List;

/** Who is told, according to the platform file as it is now. */
public final class PlatformReceivers implements ReceiverActivities {

  private final PlatformSource source;

  /** Reads this platform file anew for each query. */
  public PlatformReceivers(PlatformSource source) {
    this.source = source;
  }

  @Override
  public List<NoticeReceiver> receivers(ReceiverQuery query) {
    return source.platform().receiversOf(query.model()).stream()
        .map(Receiver::forPromotions)
        .toList();
  }
}
