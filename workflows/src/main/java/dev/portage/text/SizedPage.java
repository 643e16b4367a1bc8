package dev.portage.text;

import dev.portage.text.Block.Keep;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A page of Markdown with a maximum size in bytes. What people need in order to act is always
 * complete; lists and tables share the remaining room, and say how many rows they omit.
 */
final class SizedPage {

  /** Widths that a list's texts are tried in, in bytes, before rows are left out. */
  private static final List<Integer> WIDTHS = List.of(300, 120, 60);

  /** Room for the words that say how many rows are left out. */
  private static final int NOTE = 60;

  private final int bytes;
  private final List<Part> parts = new ArrayList<>();

  private sealed interface Part {}

  private record Whole(String text) implements Part {}

  private record Rows(String head, boolean table, Keep keep, IntFunction<List<String>> rowsOfWidth)
      implements Part {

    String at(int width) {
      return head + String.join("", rowsOfWidth.apply(width)) + "\n";
    }
  }

  /** An empty page of at most so many bytes. */
  SizedPage(int bytes) {
    this.bytes = bytes;
  }

  /** Adds what is never cut; the caller keeps it small. */
  SizedPage whole(String markdown) {
    parts.add(new Whole(markdown));
    return this;
  }

  /**
   * Adds a table.
   *
   * @param head its heading and head rows
   * @param keep the rows that stay where not all fit
   * @param rowsOfWidth its rows, each ended by a new line, with cells of at most so many bytes
   */
  SizedPage table(String head, Keep keep, IntFunction<List<String>> rowsOfWidth) {
    parts.add(new Rows(head, true, keep, rowsOfWidth));
    return this;
  }

  /** Adds a list, likewise. */
  SizedPage list(String head, Keep keep, IntFunction<List<String>> rowsOfWidth) {
    parts.add(new Rows(head, false, keep, rowsOfWidth));
    return this;
  }

  /** Whether what must be whole leaves room for the rest. */
  boolean isRoomy() {
    return wholeBytes() <= bytes / 4 * 3;
  }

  /** The page. */
  String markdown() {
    int room = Math.max(0, bytes - wholeBytes());
    List<Rows> small = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Rows rows) {
        small.add(rows);
      }
    }
    // Who needs little gets it, and what that leaves is for the others.
    Map<Rows, String> wide = new HashMap<>();
    small.forEach(rows -> wide.put(rows, rows.at(WIDTHS.getFirst())));
    small.sort(Comparator.comparingInt(rows -> wide.getOrDefault(rows, "").length()));
    Map<Rows, String> texts = new HashMap<>();
    for (int i = 0; i < small.size(); i++) {
      int share = room / (small.size() - i);
      String whole = wide.getOrDefault(small.get(i), "");
      String text = Bounded.size(whole) <= share ? whole : narrowed(small.get(i), share);
      room -= Bounded.size(text);
      texts.put(small.get(i), text);
    }
    StringBuilder page = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Whole(String text) -> page.append(text);
        case Rows rows -> page.append(texts.getOrDefault(rows, ""));
      }
    }
    return page.toString();
  }

  private int wholeBytes() {
    int used = 0;
    for (Part part : parts) {
      if (part instanceof Whole(String text)) {
        used += Bounded.size(text);
      }
    }
    return used;
  }

  private static String narrowed(Rows rows, int room) {
    for (int width : WIDTHS.subList(1, WIDTHS.size())) {
      String text = rows.at(width);
      if (Bounded.size(text) <= room) {
        return text;
      }
    }
    List<String> all = new ArrayList<>(rows.rowsOfWidth().apply(WIDTHS.getLast()));
    int left = room - Bounded.size(rows.head()) - NOTE;
    List<String> kept = new ArrayList<>();
    while (!all.isEmpty()) {
      String next = rows.keep() == Keep.FIRST ? all.removeFirst() : all.removeLast();
      left -= Bounded.size(next);
      if (left < 0) {
        all.add(next);
        break;
      }
      kept.add(rows.keep() == Keep.FIRST ? kept.size() : 0, next);
    }
    if (kept.isEmpty()) {
      // A heading over nothing but a number says nothing that people need.
      return "";
    }
    String note =
        rows.table() ? "| … | " + all.size() + " more |\n" : "- … " + all.size() + " more\n";
    if (rows.keep() == Keep.FIRST) {
      kept.add(note);
    } else {
      kept.addFirst(note);
    }
    return rows.head() + String.join("", kept) + "\n";
  }
}
