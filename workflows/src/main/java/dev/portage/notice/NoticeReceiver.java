package dev.portage.notice;

import java.util.List;

/**
 * Who is told, as a promotion knows it: by name alone. Address, key and format are read from the
 * platform file at each delivery; the address is a secret, and stands in no history.
 *
 * @param name its name in the platform file
 * @param on what it is told of
 */
public record NoticeReceiver(String name, List<NoticeKind> on) {

  public NoticeReceiver {
    on = List.copyOf(on);
  }
}
