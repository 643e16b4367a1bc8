package dev.portage.sandbox.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last lines of a log, for the message about a process that did not start. */
public final class LogTail {

  private LogTail() {}

  /** The log of a later start, next to the first one's. */
  public static Path ofStart(Path first, int start) {
    String name = String.valueOf(first.getFileName());
    int dot = name.lastIndexOf('.');
    return start == 1
        ? first
        : first.resolveSibling(
            (dot < 0 ? name : name.substring(0, dot))
                + "-"
                + start
                + (dot < 0 ? "" : name.substring(dot)));
  }

  /** At most so many last lines that are not blank; empty when there is no log. */
  public static List<String> of(Path log, int lines) {
    try {
      // Not as UTF-8 that must be right: a process that dies may cut a character in two.
      List<String> all =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
