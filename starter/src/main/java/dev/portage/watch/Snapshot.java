package dev.portage.watch;

import dev.portage.promotion.PromotionView;
import java.util.List;

/**
 * A promotion at one moment.
 *
 * @param view what it says of itself
 * @param answered whether it answered itself; otherwise no worker responded, and this is what the
 *     server knows
 * @param pending activities under way
 */
public record Snapshot(PromotionView view, boolean answered, List<Pending> pending) {
  public Snapshot {
    pending = List.copyOf(pending);
  }
}
