package dev.portage.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Version numbers as people read them: "1–4, 6". */
public final class VersionNumbers {

  /** Ranges shown; of more, the first and the last. */
  private static final int MOST = 5;

  private VersionNumbers() {}

  /** Numbers in any order as ranges; "" for none. */
  public static String shown(Collection<Long> numbers) {
    List<String> ranges = new ArrayList<>();
    long first = 0;
    long last = -1;
    for (long number : numbers.stream().sorted().distinct().toList()) {
      if (number != last + 1 || ranges.isEmpty()) {
        first = number;
        ranges.add("");
      }
      last = number;
      ranges.set(ranges.size() - 1, first == last ? Long.toString(first) : first + "–" + last);
    }
    if (ranges.size() <= MOST) {
      return String.join(", ", ranges);
    }
    List<String> kept = new ArrayList<>(ranges.subList(0, MOST - 2));
    kept.add("…");
    kept.add(ranges.getLast());
    return String.join(", ", kept) + " (" + numbers.size() + " in all)";
  }
}
