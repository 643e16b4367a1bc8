package dev.portage.livewatch;

import dev.portage.text.Bounded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the looks of a watch found so far. It is handed on to the next run of the workflow.
 *
 * @param count how many there were
 * @param judged how many of them judged the version
 * @param last what the last one found; null before the first
 * @param lastAt when that was; null before the first
 * @param suspect the limits that a look found broken, to be confirmed by a later look; null if none
 *     is
 * @param suspectAt when that look was; null if none is
 * @param changed how the endpoint differs from the release; null if it does not
 * @param unseen how many looks in a row failed to judge the version
 * @param formerGone whether a notice has said that the previous version is no longer kept
 */
record WatchFindings(
    Integer count,
    Integer judged,
    @Nullable String last,
    @Nullable Instant lastAt,
    @Nullable String suspect,
    @Nullable Instant suspectAt,
    @Nullable String changed,
    Integer unseen,
    Boolean formerGone) {

  /** Before the first look. */
  static final WatchFindings NONE = new Builder().build();

  WatchFindings {
    last = last == null ? null : Bounded.line(last, Bounded.LINE);
    suspect = suspect == null ? null : Bounded.line(suspect, Bounded.COMMENT);
  }

  /** A look begins. */
  WatchFindings begun() {
    return new Builder(this).count(count + 1).build();
  }

  /** A look found no limit broken. */
  WatchFindings good(String text, Instant at) {
    return judged(text, at).suspect(null, null).build();
  }

  /** A look could compare nothing with the limits, so it says nothing of the version. */
  WatchFindings notJudged(String text, Instant at) {
    return new Builder(this).last(text, at).changed(null).build();
  }

  /** A look found limits broken. */
  WatchFindings bad(String text, String broken, Instant at) {
    return judged(text, at).suspect(broken, at).build();
  }

  /** A look found limits broken, too soon after the last one to confirm it. */
  WatchFindings stillBad(String text, Instant at) {
    return judged(text, at).build();
  }

  private Builder judged(String text, Instant at) {
    return new Builder(this).judged(judged + 1).last(text, at).changed(null).unseen(0);
  }

  /** The endpoint is not as it was released: what was suspected no longer counts. */
  WatchFindings changed(String how, Instant at) {
    return new Builder(this).last(how, at).suspect(null, null).changed(how).unseen(0).build();
  }

  /** A look failed to judge the version: what was suspected still has to be confirmed. */
  WatchFindings unseen(String why, Instant at) {
    return new Builder(this).last(why, at).unseen(unseen + 1).build();
  }

  /** A notice has said that the previous version is no longer kept. */
  WatchFindings withoutFormer() {
    return new Builder(this).formerGone().build();
  }

  /** Copies the record with some parts changed. */
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

    private Builder(WatchFindings from) {
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

    WatchFindings build() {
      return new WatchFindings(
          count, judged, last, lastAt, suspect, suspectAt, changed, unseen, formerGone);
    }
  }
}
