package dev.portage.notice;

import dev.portage.text.Bounded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a notice at one receiver, as the promotion is told by {@link #SIGNAL}.
 *
 * @param notice id of the notice
 * @param receiver name of the receiver
 * @param problem why it has not arrived, null when it has
 * @param until until when it is retried, null when it is not
 */
public record NoticeReport(
    String notice, String receiver, @Nullable String problem, @Nullable Instant until) {

  /** Name of the signal. */
  public static final String SIGNAL = "noticeReport";

  public NoticeReport {
    problem = problem == null ? null : Bounded.line(problem, Bounded.LINE);
  }
}
