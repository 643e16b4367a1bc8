package dev.portage.preflight;

import dev.portage.preflight.Finding.Verdict;
import dev.portage.settings.Settings;
import dev.portage.text.Bounded;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Metrics that gates name and an earlier run never logged: often a slip of the pen, which a gate
 * would find after training only. Pure.
 */
final class MetricNames {
  private static final int SHOWN = 10;

  private MetricNames() {}

  /**
   * What is lacking.
   *
   * @param whose the run, as people name it
   * @param logged its metrics
   * @param file where the gates are
   * @return empty for nothing, and where no metric of the run is known
   */
  static Optional<Finding> lacking(
      Settings settings, String whose, Collection<String> logged, String file) {
    List<String> lacking =
        Needs.metrics(settings).stream().filter(metric -> !logged.contains(metric)).toList();
    return lacking.isEmpty() || logged.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                file,
                "gates",
                Verdict.NOTE,
                whose
                    + " has no metric "
                    + String.join(", ", lacking)
                    + "; it has "
                    + Bounded.listed(logged.stream().sorted().toList(), ", ", SHOWN),
                "If training does not log it either, correct its name: that gate would fail"));
  }
}
