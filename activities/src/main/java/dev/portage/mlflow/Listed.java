package dev.portage.mlflow;

import java.util.List;
import java.util.Locale;

/** Lists in messages: the first few items, and how many more there are. */
final class Listed {
  private static final int SHOWN = 10;

  private Listed() {}

  /**
   * One per line, of a list that may be incomplete.
   *
   * @param all how many there are altogether
   */
  static String lines(List<String> items, int all) {
    return joined(items, "\n    ", all);
  }

  /** All on one line. */
  static String row(List<String> items) {
    return joined(items, ", ", items.size());
  }

  private static String joined(List<String> items, String between, int all) {
    List<String> shown = items.subList(0, Math.min(SHOWN, items.size()));
    int more = all - shown.size();
    return String.join(between, shown)
        + (more > 0 ? between + String.format(Locale.ROOT, "and %,d more", more) : "");
  }
}
