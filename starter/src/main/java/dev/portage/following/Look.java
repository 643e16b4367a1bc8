package dev.portage.following;

import dev.portage.promotion.PromotionView;
import java.util.List;

/**
 * A promotion at one moment.
 *
 * @param view what it says of itself
 * @param told whether it said so itself; else no worker answered, and the server's own knowledge
 *     stands in
 * @param pending activities under way
 */
public record Look(PromotionView view, boolean told, List<Pending> pending) {
  public Look {
    pending = List.copyOf(pending);
  }
}
