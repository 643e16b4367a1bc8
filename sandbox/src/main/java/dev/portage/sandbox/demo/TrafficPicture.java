package dev.portage.sandbox.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The traffic of an endpoint in one line: a bar that the versions share as they share the last
 * requests. Pure.
 *
 * @param width columns of the terminal
 * @param colours whether to colour it; without colours the versions differ by their shade
 */
record TrafficPicture(int width, boolean colours) {

  /** A longer one says no more. */
  private static final int LONGEST_BAR = 40;

  private static final int SHORTEST_BAR = 8;

  private static final List<String> SHADES = List.of("█", "░", "▒");
  private static final List<String> COLOURS = List.of("\u001b[34m", "\u001b[32m", "\u001b[33m");
  private static final String PLAIN = "\u001b[0m";

  /**
   * The line, shorter than the terminal is wide: one that wrapped could not be drawn again in its
   * place.
   *
   * @param recent how many of the last requests each version answered, the older one first
   * @param sent all requests until now
   * @param failed how many of them failed
   */
  String line(SortedMap<String, Integer> recent, int sent, int failed) {
    int all = Math.max(1, recent.values().stream().mapToInt(Integer::intValue).sum());
    List<String> shares = new ArrayList<>();
    recent.forEach(
        (name, count) -> shares.add(version(name) + " " + Math.round(100.0 * count / all) + " %"));
    String told = String.join(", ", shares);
    String requests = sent + " requests, " + failed + " failed";
    for (String after :
        List.of(
            "  " + told + "; " + requests, "  " + told + ", " + failed + " failed", "  " + told)) {
      int bar = Math.min(LONGEST_BAR, width - 1 - after.length() - 2);
      if (bar >= SHORTEST_BAR) {
        return "  " + bar(recent, all, bar) + after;
      }
    }
    return told.substring(0, Math.min(told.length(), Math.max(0, width - 1)));
  }

  /** "diabetes-2" is version 2. */
  private static String version(String served) {
    return "v" + served.substring(served.lastIndexOf('-') + 1);
  }

  private String bar(SortedMap<String, Integer> recent, int all, int cells) {
    StringBuilder bar = new StringBuilder();
    int before = 0;
    int drawn = 0;
    int index = 0;
    for (Map.Entry<String, Integer> one : recent.entrySet()) {
      before += one.getValue();
      int end = Math.round((float) before * cells / all);
      String shade = colours ? SHADES.getFirst() : SHADES.get(index % SHADES.size());
      bar.append(colours ? COLOURS.get(index % COLOURS.size()) : "")
          .append(shade.repeat(end - drawn))
          .append(colours ? PLAIN : "");
      drawn = end;
      index++;
    }
    return bar.append(" ".repeat(cells - drawn)).toString();
  }
}
