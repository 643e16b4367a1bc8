package dev.portage.approval;

import dev.portage.text.Bounded;
import java.time.Instant;

/**
 * A message that did not count, kept so that its sender can see why.
 *
 * @param message the message, shortened
 * @param reason why it did not count
 * @param at when
 */
public record Refusal(String message, String reason, Instant at) {

  public Refusal {
    message = Bounded.line(message, Bounded.NAME);
    reason = Bounded.line(reason, Bounded.LINE);
  }
}
