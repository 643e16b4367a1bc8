package dev.portage.livewatch;

import dev.portage.text.Bounded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the looks of a watch found so far, for its next run, too.
 *
 * @param count how many there were
 * @param judged how many of them asked the version
 * @param last what the last one found; null before the first
 * @param lastAt when that was; null before the first
 * @param suspect the limits that one found broken, to be confirmed by a later one; null where none
 *     is
 * @param suspectAt when that was; null where none is
 * @param changed how the endpoint is, where it is not as it was released; null where it is
 * @param unseen how many in a row found nothing out
 * @param formerGone whether it was said that the version before is not kept any more
 */
record Looks(
    Integer count,
    Integer judged,
    @Nullable String last,
    @Nullable Instant lastAt,
    @Nullable String suspect,
    @Nullable Instant suspectAt,
    @Nullable String changed,
    Integer unseen,
    Boolean formerGone) {

  /** None yet. */
  static final Looks NONE = new Builder().build();

  Looks {
    last = last == null ? null : Bounded.line(last, Bounded.LINE);
    suspect = suspect == null ? null : Bounded.line(suspect, Bounded.COMMENT);
  }

  /** One begins. */
  Looks begun() {
    return new Builder(this).count(count + 1).build();
  }

  /** One found no limit broken. */
  Looks good(String text, Instant at) {
    return judged(text, at).suspect(null, null).build();
  }

  /** One found limits broken. */
  Looks bad(String text, String broken, Instant at) {
    return judged(text, at).suspect(broken, at).build();
  }

  /** One found limits broken too early to confirm that they were before. */
  Looks stillBad(String text, Instant at) {
    return judged(text, at).build();
  }

  private Builder judged(String text, Instant at) {
    return new Builder(this).judged(judged + 1).last(text, at).changed(null).unseen(0);
  }

  /** The endpoint is not as it was released: whatever was suspected is not known any more. */
  Looks changed(String how, Instant at) {
    return new Builder(this).last(how, at).suspect(null, null).changed(how).unseen(0).build();
  }

  /** One found nothing out: what was suspected is still to be confirmed. */
  Looks unseen(String why, Instant at) {
    return new Builder(this).last(why, at).unseen(unseen + 1).build();
  }

  /** It was said that the version before is not kept any more. */
  Looks withoutFormer() {
    return new Builder(this).formerGone().build();
  }

  /** Changes parts. */
  private static final class Builder {
    private int count;
    private int judged;
    private @Nullable String last;
    private @Nullable Instant lastAt;
    private @Nullable String suspect;
    private @Nullable Instant suspectAt;
    private @Nullable String changed;
    private int unseen;
    private boolean formerGone;

    private Builder() {}

    private Builder(Looks from) {
      count = from.count;
      judged = from.judged;
      last = from.last;
      lastAt = from.lastAt;
      suspect = from.suspect;
      suspectAt = from.suspectAt;
      changed = from.changed;
      unseen = from.unseen;
      formerGone = from.formerGone;
    }

    Builder count(int number) {
      count = number;
      return this;
    }

    Builder judged(int number) {
      judged = number;
      return this;
    }

    Builder last(String text, Instant at) {
      last = text;
      lastAt = at;
      return this;
    }

    Builder suspect(@Nullable String broken, @Nullable Instant at) {
      suspect = broken;
      suspectAt = at;
      return this;
    }

    Builder changed(@Nullable String how) {
      changed = how;
      return this;
    }

    Builder unseen(int number) {
      unseen = number;
      return this;
    }

    Builder formerGone() {
      formerGone = true;
      return this;
    }

    Looks build() {
      return new Looks(
          count, judged, last, lastAt, suspect, suspectAt, changed, unseen, formerGone);
    }
  }
}
