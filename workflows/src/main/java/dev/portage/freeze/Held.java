package dev.portage.freeze;

import dev.portage.lane.TurnRequest;
import dev.portage.text.Bounded;
import java.time.Instant;

/**
 * A promotion that a frozen workspace holds up.
 *
 * @param promotion its workflow id
 * @param until when the last freeze that holds it up ends by itself; then it continues untold
 */
public record Held(String promotion, Instant until) {

  /** Whether it is what it says, and fits in a state: anyone may send a message. */
  boolean isPromotion() {
    return promotion.startsWith(TurnRequest.PROMOTIONS)
        && Bounded.fits(promotion, Bounded.NAME)
        && promotion.chars().noneMatch(Held::isEscaped);
  }

  /** In JSON it would take up to six times its room. */
  private static boolean isEscaped(int c) {
    return Character.isISOControl(c) || c == '"' || c == '\\';
  }
}
