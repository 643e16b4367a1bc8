package dev.portage.approval;

import dev.portage.approval.Decision.Verdict;
import dev.portage.text.Bounded;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a message doesn't count, regardless of the sender. */
public final class MessageFault {

  /** Longest proof in characters: a signature of a few keys. */
  private static final int PROOF = 16 * 1024;

  private MessageFault() {}

  /** Why a message is too large; empty when it is not. */
  public static Optional<String> oversized(DecisionMessage message) {
    if (message.id() != null && !Bounded.fits(message.id(), Bounded.ID)) {
      return Optional.of("its id is longer than " + Bounded.ID + " bytes");
    }
    return message.proof() != null && message.proof().length() > PROOF
        ? Optional.of("its proof is longer than " + PROOF + " bytes")
        : Optional.empty();
  }

  /**
   * Why a message answers no open request; empty if it does.
   *
   * @param request name of the open request, null when none is open
   * @param stop name of what has stopped, null when nothing has
   */
  static Optional<String> unmatched(
      Verdict verdict, DecisionMessage message, @Nullable String request, @Nullable String stop) {
    String named = Bounded.line(String.valueOf(message.request()), Bounded.NAME);
    if (verdict == Verdict.RESUME) {
      if (stop == null) {
        return Optional.of("nothing has stopped, so there is nothing to resume");
      }
      return isBlank(message.request()) || stop.equals(message.request())
          ? Optional.empty()
          : Optional.of("it names " + named + ", but the open stop is " + stop);
    }
    if (request == null) {
      return Optional.of("no request is open");
    }
    if (isBlank(message.request())) {
      return Optional.of("it doesn't name a request: add \"request\":\"" + request + "\"");
    }
    return request.equals(message.request())
        ? Optional.empty()
        : Optional.of("it names " + named + ", but the open request is " + request);
  }

  /** Whether nothing is written. */
  public static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
