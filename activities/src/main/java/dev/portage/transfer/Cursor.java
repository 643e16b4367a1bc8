package dev.portage.transfer;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Which files of a manifest are done, by index; short as long as they are adjacent. */
final class Cursor {
  /** What is longer is cut: it only spares work. */
  private static final int LONGEST = 16 * 1024;

  private final BitSet done = new BitSet();

  /** Nothing done. */
  Cursor() {}

  /** Reads one; what can't be read counts as not done. */
  static Cursor of(@Nullable String text) {
    Cursor cursor = new Cursor();
    if (text != null) {
      for (String range : text.split(",", -1)) {
        if (range.matches("\\d{1,6}(-\\d{1,6})?")) {
          int dash = range.indexOf('-');
          int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
          int to = dash < 0 ? from : Integer.parseInt(range.substring(dash + 1));
          if (from <= to) {
            cursor.done.set(from, to + 1);
          }
        }
      }
    }
    return cursor;
  }

  synchronized void add(int index) {
    done.set(index);
  }

  synchronized void remove(int index) {
    done.clear(index);
  }

  synchronized boolean has(int index) {
    return done.get(index);
  }

  /** As "0-41,57"; null for nothing. */
  synchronized @Nullable String text() {
    StringBuilder text = new StringBuilder();
    for (int from = done.nextSetBit(0); from >= 0; from = done.nextSetBit(from)) {
      int to = done.nextClearBit(from) - 1;
      if (text.length() > LONGEST) {
        break;
      }
      text.append(text.isEmpty() ? "" : ",").append(from);
      if (to > from) {
        text.append('-').append(to);
      }
      from = to + 1;
    }
    return text.isEmpty() ? null : text.toString();
  }
}
