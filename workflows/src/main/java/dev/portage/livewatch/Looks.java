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
  static final Looks NONE = new Looks(0, 0, null, null, null, null, null, 0, false);

  Looks {
    last = last == null ? null : Bounded.line(last, Bounded.LINE);
    suspect = suspect == null ? null : Bounded.line(suspect, Bounded.COMMENT);
  }

  /** One begins. */
  Looks begun() {
    return new Looks(
        count + 1, judged, last, lastAt, suspect, suspectAt, changed, unseen, formerGone);
  }

  /** One found no limit broken. */
  Looks good(String text, Instant at) {
    return new Looks(count, judged + 1, text, at, null, null, null, 0, formerGone);
  }

  /** One found limits broken. */
  Looks bad(String text, String broken, Instant at) {
    return new Looks(count, judged + 1, text, at, broken, at, null, 0, formerGone);
  }

  /** One found limits broken too early to confirm that they were before. */
  Looks stillBad(String text, Instant at) {
    return new Looks(count, judged + 1, text, at, suspect, suspectAt, null, 0, formerGone);
  }

  /** The endpoint is not as it was released: whatever was suspected is not known any more. */
  Looks changed(String how, Instant at) {
    return new Looks(count, judged, how, at, null, null, how, 0, formerGone);
  }

  /** One found nothing out: what was suspected is still to be confirmed. */
  Looks unseen(String why, Instant at) {
    return new Looks(count, judged, why, at, suspect, suspectAt, changed, unseen + 1, formerGone);
  }

  /** It was said that the version before is not kept any more. */
  Looks withoutFormer() {
    return new Looks(count, judged, last, lastAt, suspect, suspectAt, changed, unseen, true);
  }
}
