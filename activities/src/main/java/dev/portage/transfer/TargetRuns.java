package dev.portage.transfer;

import dev.portage.copy.CopyOrder;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.Experiment;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.Run;
import dev.portage.registry.Tags;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The run of the target that a copy goes into. It is found by the order's key in its tags; of
 * several, which two workers may have made at once, the one that was made first stays.
 */
final class TargetRuns {
  /** When it was made, in milliseconds since 1970: its start time is that of the original. */
  private static final String MADE = "portage_made_at";

  private static final Comparator<Run> FIRST_MADE =
      Comparator.comparingLong(TargetRuns::madeAt).thenComparing(Run::id);

  private final MlflowServer target;
  private final Clock clock;

  TargetRuns(MlflowServer target, Clock clock) {
    this.target = target;
    this.clock = clock;
  }

  /**
   * The one run with the order's key, made when there is none.
   *
   * @param original asked only when one is made, before anything is
   */
  Run ofOrder(CopyOrder order, Supplier<Run> original) {
    Optional<Experiment> known =
        target.experiments().named(order.experiment()).filter(Experiment::active);
    Optional<Run> there = known.flatMap(experiment -> keepFirst(experiment.id(), order.key()));
    if (there.isPresent()) {
      return there.get();
    }
    Run from = original.get();
    Experiment experiment =
        known.isPresent() ? known.get() : target.experiments().namedOrNew(order.experiment());
    Map<String, String> tags = new LinkedHashMap<>(order.tags());
    tags.put(Tags.KEY, order.key());
    tags.put(MADE, String.valueOf(clock.millis()));
    target.runs().create(experiment.id(), from.name(), from.startTime(), tags);
    return keepFirst(experiment.id(), order.key())
        .orElseThrow(() ->
            target.failure(
                FailureKind.PLATFORM,
                "find the run with key " + order.key(),
                "it is not listed yet",
                "It is looked for again."));
  }

  /** Ends it as the original ended. */
  void finish(Run run, Run original) {
    if (!run.isFinished()) {
      target.runs().end(run.id(), "FINISHED", original.endTime());
    }
  }

  private Optional<Run> keepFirst(String experiment, String key) {
    List<Run> found =
        target.runs().withTag(List.of(experiment), Tags.KEY, key).stream()
            .sorted(FIRST_MADE)
            .toList();
    found.stream().skip(1).forEach(run -> target.runs().delete(run.id()));
    return found.stream().findFirst();
  }

  private static long madeAt(Run run) {
    String made = run.tags().getOrDefault(MADE, "");
    return made.matches("\\d{1,18}") ? Long.parseLong(made) : Long.MAX_VALUE;
  }
}
