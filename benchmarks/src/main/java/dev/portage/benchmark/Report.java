package dev.portage.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results as Markdown: ratios, since seconds are those of one machine. */
final class Report {
  private static final double MIB = 1024 * 1024;

  private Report() {}

  /** The table of one shape. */
  static String table(Rounds.Outcome outcome) {
    double limit = outcome.lines().getFirst().median();
    double client =
        outcome.lines().stream()
            .filter(line -> line.name().equals("mlflow client"))
            .findFirst()
            .orElseThrow()
            .median();
    StringBuilder text = new StringBuilder();
    text.append("### ").append(outcome.shape().shown()).append("\n\n");
    text.append(
        "| tool | passes over the bytes | time, limit = 1 | speed, client = 1 | median | servers' CPU time |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (Line line : outcome.lines()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.2f | %.1f × | %.2f s | %.2f s |%n",
              line.name(),
              line.passes(),
              line.median() / limit,
              client / line.median(),
              line.median(),
              line.serverMedian()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%n%d rounds, interleaved. The limit used %d streams at once, the best of 1 to 16. Portage's process, `-Xmx256m`: at most %.0f MiB resident, of which %.0f MiB heap.%n",
            outcome.lines().getFirst().seconds().size(),
            outcome.streams(),
            outcome.residentBytes() / MIB,
            outcome.heapBytes() / MIB));
    return text.toString();
  }

  /** How time grows with the number of files and with their size. */
  static String growth(Map<Shape, Double> seconds) {
    StringBuilder text = new StringBuilder("### Growth\n\n");
    text.append("| model | time | per file | per GiB |\n|---|---|---|---|\n");
    seconds.forEach((shape, time) ->
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %.2f s | %.1f ms | %.1f s |%n",
                shape.shown(),
                time,
                1000 * time / shape.files(),
                time * 1024 * MIB / shape.total())));
    return text.toString();
  }

  /** The table of stores that issue signed URLs; the curls come first. */
  static String signed(List<Line> lines) {
    StringBuilder text =
        new StringBuilder("### ")
            .append(SignedRounds.SHAPE.shown())
            .append(", through signed URLs\n\n")
            .append(
                "| tool | passes over the bytes | time, curl = 1 | median |\n|---|---|---|---|\n");
    for (Line line : lines) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.2f | %.2f s |%n",
              line.name(),
              line.passes(),
              line.median() / lines.getFirst().median(),
              line.median()));
    }
    return text.toString();
  }
}
