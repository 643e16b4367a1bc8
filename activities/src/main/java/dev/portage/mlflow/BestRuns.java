package dev.portage.mlflow;

import dev.portage.tracking.RunChoice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Keeps the best of a job's runs by a metric. */
final class BestRuns {
  /** How many runs without a model are examined at most. */
  private static final int LOOKED_AT = 50;

  private final RunChoice choice;
  private final List<Measured> measured = new ArrayList<>();
  private int others;

  BestRuns(RunChoice choice) {
    this.choice = choice;
  }

  private record Measured(String id, double value, boolean nested, long started) {}

  /** One that is not finished, or has no finite value of the metric, is only counted. */
  void add(Run run) {
    run.metrics().stream()
        .filter(metric -> metric.key().equals(choice.metric()))
        .mapToDouble(Metric::value)
        .filter(Double::isFinite)
        .filter(_ -> run.isFinished())
        .findFirst()
        .ifPresentOrElse(
            value ->
                measured.add(
                    new Measured(
                        run.id(),
                        value,
                        RunFilter.isNested(run),
                        run.startTime() == null ? 0 : run.startTime())),
            () -> others++);
  }

  /**
   * Ids, the best first. Of equal ones a run on the first level comes before those in it, as it
   * holds what the sweep found; then the one that began first.
   */
  List<String> fromTheBestOn() {
    Comparator<Measured> lowestFirst = Comparator.comparingDouble(Measured::value);
    return measured.stream()
        .sorted(
            (choice.best() == RunChoice.Best.HIGHEST ? lowestFirst.reversed() : lowestFirst)
                .thenComparing(Measured::nested)
                .thenComparingLong(Measured::started)
                .thenComparing(Measured::id))
        .limit(LOOKED_AT)
        .map(Measured::id)
        .toList();
  }

  /** Why none of them was it. */
  String why() {
    if (measured.isEmpty()) {
      return others == 0
          ? "the job run created no MLflow run"
          : String.format(
              Locale.ROOT,
              "none of its %,d runs is finished and has a finite value of metric \"%s\"",
              others,
              choice.metric());
    }
    return String.format(
        Locale.ROOT,
        "none of the %,d runs with metric \"%s\" holds a finished model",
        Math.min(LOOKED_AT, measured.size()),
        choice.metric());
  }
}
