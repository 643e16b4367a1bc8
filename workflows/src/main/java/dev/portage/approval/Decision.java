package dev.portage.approval;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One person's answer that counted.
 *
 * @param id its id
 * @param request the request it answered
 * @param verdict the answer
 * @param by who
 * @param group group that the person stood for, null for a rejection or an order
 * @param comment why, null without
 * @param at when it arrived
 */
public record Decision(
    String id,
    String request,
    Verdict verdict,
    String by,
    @Nullable String group,
    @Nullable String comment,
    Instant at) {

  /** The answers and orders there are. */
  public enum Verdict {
    APPROVE,
    REJECT,
    RESUME
  }
}
