package dev.portage.localworkspace.faults;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a call. */
public sealed interface Effect {

  /** The call is not handled; the answer is 429 with {@code Retry-After}. */
  record TooManyRequests(Duration retryAfter) implements Effect {}

  /** The call is not handled; the answer is 503, with {@code Retry-After} where one is given. */
  record Unavailable(@Nullable Duration retryAfter) implements Effect {}

  /**
   * The call is not handled; the answer is 500 with an HTML page, as a gateway in between gives it.
   */
  record HtmlError() implements Effect {}

  /** The call is handled, but only after a while. */
  record Slow(Duration delay) implements Effect {}

  /** The call is not handled; the connection breaks. */
  record Drop() implements Effect {}

  /** The call is handled; the connection breaks before the answer. */
  record LostAnswer() implements Effect {}

  /** The call is not handled; the response is 403, whatever the caller may do. */
  record Forbidden() implements Effect {}

  /**
   * The body of the answer ends after some bytes, where its length said more; the connection
   * breaks. It strikes files alone.
   */
  record Truncated(long after) implements Effect {}

  /**
   * One bit is not what it was: in a file that is read, or in what is stored of one that is
   * written. It strikes files alone.
   *
   * @param at the byte it is in, from 0; a shorter file stays whole
   */
  record FlippedByte(long at) implements Effect {}
}
