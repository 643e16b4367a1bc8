package dev.portage.page;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells, written in columns for a terminal. */
final class Columns {

  /** Wider columns are not padded, so that one long cell does not push all others aside. */
  private static final int WIDEST = 60;

  /** What fits a terminal of usual size. */
  private static final int WIDTH = 100;

  private static final int LEAST_TO_WRAP = 24;

  /** By what the further lines of a cell are told from the next row. */
  private static final int INDENT_OF_FURTHER = 2;

  private final List<List<String>> rows = new ArrayList<>();

  private final boolean wrapped;

  /**
   * Makes columns.
   *
   * @param wrapped whether the last one is of sentences, which are broken between words
   */
  Columns(boolean wrapped) {
    this.wrapped = wrapped;
  }

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
      for (int i = 0; i < row.size() - 1; i++) {
        int column = i;
        int width =
            Math.min(
                WIDEST,
                shown.stream().mapToInt(other -> other.get(column).length()).max().orElse(0));
        line.append(row.get(i)).repeat(' ', Math.max(0, width - row.get(i).length()) + 2);
      }
      String last = row.isEmpty() ? "" : row.getLast();
      String further = " ".repeat(line.length() + INDENT_OF_FURTHER);
      for (String part : broken(last, WIDTH - line.length())) {
        lines.add(line.append(part).toString().stripTrailing());
        line = new StringBuilder(further);
      }
    }
    return lines;
  }

  /**
   * A text in lines, broken between words. What leaves no room for several words is not broken: a
   * line that the terminal breaks is easier to read.
   */
  private List<String> broken(String text, int width) {
    if (!wrapped || width < LEAST_TO_WRAP || text.length() <= width) {
      return List.of(text);
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      int room = lines.isEmpty() ? width : width - INDENT_OF_FURTHER;
      if (!line.isEmpty() && line.length() + 1 + word.length() > room) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
