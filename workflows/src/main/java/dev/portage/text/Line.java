package dev.portage.text;

import java.util.ArrayList;
import java.util.List;

/** One line of a page, also a cell of a table. */
public record Line(List<Span> spans) {
  private static final Line EMPTY = new Line(List.of());

  public Line {
    spans = List.copyOf(spans);
  }

  /** A line of nothing. */
  public static Line empty() {
    return EMPTY;
  }

  /** A line of words of our own. */
  public static Line words(String words) {
    return EMPTY.andWords(words);
  }

  /** A line that others wrote. */
  public static Line text(String text) {
    return EMPTY.andText(text);
  }

  /** The same with words of our own behind it. */
  public Line andWords(String words) {
    return and(new Span.Words(words));
  }

  /** The same with what others wrote behind it. */
  public Line andText(String text) {
    return and(new Span.Text(text));
  }

  /** The same with another line behind it. */
  public Line and(Line other) {
    List<Span> more = new ArrayList<>(spans);
    more.addAll(other.spans());
    return new Line(more);
  }

  /** The same with another piece behind it. */
  public Line and(Span span) {
    List<Span> more = new ArrayList<>(spans);
    more.add(span);
    return new Line(more);
  }
}
