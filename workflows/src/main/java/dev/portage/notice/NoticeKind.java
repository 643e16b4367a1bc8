package dev.portage.notice;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a notice is about. The words stand in platform files and in events, so they never change.
 */
public enum NoticeKind {
  /** A request opened: someone has to decide. */
  ASKED,
  /** A request is still open. */
  REMINDED,
  /** A request was approved by all who are needed, or rejected by a person. */
  DECIDED,
  /** A request's time ran out, which rejects the promotion. */
  EXPIRED,
  /** A step failed, and someone has to resume the promotion. */
  STOPPED,
  /** A freeze holds the promotion up. */
  FROZEN,
  /** A rollback took the turn from the promotion, which undid its changes and requests it again. */
  PREEMPTED,
  /** The model is live in the last workspace. */
  RELEASED,
  /** What an earlier release made live is live again. */
  ROLLBACK,
  /**
   * The watch of a released version found a broken limit, or can't judge it, since somebody changed
   * its endpoint or nobody answers.
   */
  WATCH,
  /** Gates failed, so nobody was asked. */
  REJECTED,
  /** The promotion ended without a release. */
  FAILED,
  /** Someone cancelled it. */
  CANCELLED,
  /** A newer promotion of the model took its place. */
  SUPERSEDED;

  /** Every word, for messages. */
  public static final String WORDS =
      Stream.of(values()).map(NoticeKind::word).collect(Collectors.joining(", "));

  /** Its word in a platform file, such as "asked". */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of a word.
   *
   * @throws IllegalArgumentException when there is none
   */
  @JsonCreator
  public static NoticeKind of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Type of the event in CloudEvents. */
  public String eventType() {
    return "dev.portage.promotion." + word();
  }
}
