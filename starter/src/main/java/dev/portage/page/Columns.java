package dev.portage.page;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells, written in columns for a terminal. */
final class Columns {

  /** Wider columns are not padded, so that one long cell does not push all others aside. */
  private static final int WIDEST = 60;

  private final List<List<String>> rows = new ArrayList<>();

  void row(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  /** Lines in columns, each with an indent. */
  List<String> lines(String indent) {
    List<List<String>> shown =
        rows.stream().map(row -> row.stream().map(TerminalText::cell).toList()).toList();
    List<String> lines = new ArrayList<>();
    for (List<String> row : shown) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < row.size(); i++) {
        int column = i;
        int width =
            Math.min(
                WIDEST,
                shown.stream().mapToInt(other -> other.get(column).length()).max().orElse(0));
        line.append(row.get(i)).repeat(' ', Math.max(0, width - row.get(i).length()) + 2);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
