package dev.portage.approval;

import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One person's decision that counted.
 *
 * @param id its id
 * @param request the request it answered
 * @param verdict the answer
 * @param by who, as they said
 * @param group group that the person stood for, null for a rejection or an order
 * @param comment why, at most {@link Bounded#COMMENT} bytes of it; null without
 * @param at when it arrived
 * @param person the person behind the name, as people were compared when it was applied; null for
 *     an order, and in what earlier releases recorded
 * @param memberOf groups of the request that the person was in then; null likewise
 */
public record Decision(
    String id,
    String request,
    Verdict verdict,
    String by,
    @Nullable String group,
    @Nullable String comment,
    Instant at,
    @Nullable String person,
    @Nullable List<String> memberOf) {

  public Decision {
    id = Bounded.line(id, Bounded.ID);
    by = Bounded.line(by, Bounded.PERSON);
    comment = comment == null ? null : Bounded.lines(comment, Bounded.COMMENT);
    memberOf = memberOf == null ? null : List.copyOf(memberOf);
  }

  /** The answers and orders there are. */
  public enum Verdict {
    APPROVE,
    REJECT,
    RESUME
  }
}
