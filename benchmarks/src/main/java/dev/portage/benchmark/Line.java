package dev.portage.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a table: a tool, and how long it took in each round.
 *
 * @param name of the way
 * @param passes which passes over the bytes it includes
 * @param seconds one a round
 * @param serverSeconds of CPU time that both servers used, one a round
 */
record Line(String name, String passes, List<Double> seconds, List<Double> serverSeconds) {

  Line(String name, String passes) {
    this(name, passes, new ArrayList<>(), new ArrayList<>());
  }

  double median() {
    return median(seconds);
  }

  /** Processor time of the servers. */
  double serverMedian() {
    return median(serverSeconds);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
