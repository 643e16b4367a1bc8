package dev.portage.notice;

import java.util.List;

/**
 * Input of the workflow that delivers a notice.
 *
 * @param notice what to tell
 * @param receivers names of those who are told
 */
public record NoticeStart(Notice notice, List<String> receivers) {

  public NoticeStart {
    receivers = List.copyOf(receivers);
  }
}
