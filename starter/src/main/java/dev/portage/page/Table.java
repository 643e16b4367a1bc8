package dev.portage.page;

import dev.portage.text.Markdown;
import java.util.ArrayList;
import java.util.List;

/** Rows of cells, written in columns for a terminal or as a Markdown table. */
final class Table {

  /** Wider columns are not padded, so that one long cell does not push all others aside. */
  private static final int WIDEST = 60;

  private final List<List<String>> rows = new ArrayList<>();

  Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
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

  /** A Markdown table; the first row is its head. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      text.append("| ")
          .append(String.join(" | ", rows.get(i).stream().map(Markdown::cell).toList()))
          .append(" |\n");
      if (i == 0) {
        text.append("|").append("---|".repeat(rows.get(i).size())).append('\n');
      }
    }
    return text.toString();
  }
}
