package dev.portage.rollback;

import dev.portage.notice.NoticeReceiver;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.Station;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the platform file says about a rollback.
 *
 * @param model what {@code {model}} stands for
 * @param target where to go back
 * @param origin first workspace of the path, whose mark follows; null where the target is not the
 *     last one of the path, since the mark follows that one alone
 * @param approval who has to approve; null if nobody is asked
 * @param receivers who is told
 * @param retryTimeout how long to retry a server that doesn't respond
 */
public record RollbackSettings(
    String model,
    Station target,
    @Nullable Station origin,
    @Nullable ApprovalPolicy approval,
    List<NoticeReceiver> receivers,
    Duration retryTimeout) {

  public RollbackSettings {
    receivers = List.copyOf(receivers);
  }
}
