package dev.portage.platform;

import dev.portage.notice.NoticeReceiver;
import dev.portage.notice.ReceiverActivities;
import dev.portage.notice.ReceiverQuery;
import java.util.List;
import java.util.Objects;

/** Who is told, according to the platform file as it is now. */
public final class PlatformReceivers implements ReceiverActivities {

  private final PlatformSource source;

  /** Reads this platform file anew for each query. */
  public PlatformReceivers(PlatformSource source) {
    this.source = source;
  }

  @Override
  public List<NoticeReceiver> receivers(ReceiverQuery query) {
    String registered = Objects.requireNonNullElse(query.registeredAs(), query.model());
    return source.platform().receiversOf(query.model(), registered).stream()
        .map(Receiver::forPromotions)
        .toList();
  }
}
