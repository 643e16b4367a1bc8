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
 * @param channel over which way it came; null for an order, and likewise
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
    @Nullable List<String> memberOf,
    @Nullable Channel channel) {

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

  /**
   * The ways that a decision may come. Neither proves who sent it: only of a signal does Temporal
   * record the caller, where it is set up to.
   */
  public enum Channel {
    UPDATE,
    SIGNAL
  }

  /** One to be filled in; what is not named is null. */
  public static Builder of(String id, String request, Verdict verdict, String by, Instant at) {
    return new Builder(id, request, verdict, by, at);
  }

  /** This one, to be changed. */
  public Builder toBuilder() {
    Builder builder = new Builder(id, request, verdict, by, at);
    builder.group = group;
    builder.comment = comment;
    builder.person = person;
    builder.memberOf = memberOf;
    builder.channel = channel;
    return builder;
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String id;
    private final String request;
    private final Verdict verdict;
    private final String by;
    private @Nullable String group;
    private @Nullable String comment;
    private final Instant at;
    private @Nullable String person;
    private @Nullable List<String> memberOf;
    private @Nullable Channel channel;

    private Builder(String id, String request, Verdict verdict, String by, Instant at) {
      this.id = id;
      this.request = request;
      this.verdict = verdict;
      this.by = by;
      this.at = at;
    }

    /** Group that the person stood for, null for a rejection or an order. */
    public Builder group(@Nullable String group) {
      this.group = group;
      return this;
    }

    /** Why, at most {@link Bounded#COMMENT} bytes of it; null without. */
    public Builder comment(@Nullable String comment) {
      this.comment = comment;
      return this;
    }

    /** The person behind the name, and groups of the request that they were in then. */
    public Builder as(@Nullable String person, @Nullable List<String> memberOf) {
      this.person = person;
      this.memberOf = memberOf;
      return this;
    }

    /** Over which way it came, null when unknown. */
    public Builder channel(@Nullable Channel channel) {
      this.channel = channel;
      return this;
    }

    /** What was filled in. */
    public Decision build() {
      return new Decision(id, request, verdict, by, group, comment, at, person, memberOf, channel);
    }
  }
}
