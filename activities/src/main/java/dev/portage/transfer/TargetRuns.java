package dev.portage.transfer;

import dev.portage.attempt.LostResponse;
import dev.portage.copy.CopyOrder;
import dev.portage.mlflow.Experiment;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.Run;
import dev.portage.registry.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The run in the target that a copy goes into. It is found by the order's key in its tags. If two
 * workers created one each at the same time, a finished run stays, since a version may refer to it,
 * otherwise the one created first. A search may lag behind: a run just created is known by its id.
 */
final class TargetRuns {
  /** When it was made, in milliseconds since 1970: its start time is that of the original. */
  private static final String MADE = "portage_made_at";

  private static final Comparator<Run> FIRST_MADE =
      Comparator.comparing(Run::isFinished)
          .reversed()
          .thenComparingLong(TargetRuns::madeAt)
          .thenComparing(Run::id);

  private final MlflowServer target;
  private final Clock clock;
  private final int attempt;

  /**
   * Runs of this server.
   *
   * @param attempt which one of the activity this is, 1 for the first
   */
  TargetRuns(MlflowServer target, Clock clock, int attempt) {
    this.target = target;
    this.clock = clock;
    this.attempt = attempt;
  }

  /**
   * The one run with the order's key, made when there is none.
   *
   * @param original read only when a run is created, before anything is
   */
  Run ofOrder(CopyOrder order, Supplier<Run> original) {
    Optional<Experiment> known =
        target.experiments().named(order.experiment()).filter(Experiment::active);
    Optional<Run> there = known.flatMap(experiment -> keepFirst(experiment.id(), order));
    if (there.isPresent()) {
      return there.get();
    }
    Run from = original.get();
    Experiment experiment =
        known.isPresent() ? known.get() : target.experiments().namedOrNew(order.experiment());
    Map<String, String> tags = new LinkedHashMap<>(order.tags());
    tags.put(Tags.KEY, order.key());
    tags.put(MADE, String.valueOf(clock.millis()));
    tags.putAll(LostResponse.tags(attempt, clock.instant()));
    Run made = target.runs().create(experiment.id(), from.name(), from.startTime(), tags);
    return keepFirst(experiment.id(), order).orElse(made);
  }

  /**
   * Deletes all runs of an order but one.
   *
   * @param runId the one that counts, null for the first
   * @param removed called for each deleted model
   * @return how long another may still come, null when none may
   */
  @Nullable Duration twins(CopyOrder order, @Nullable String runId, Consumer<Run> removed) {
    Optional<Experiment> known = target.experiments().named(order.experiment());
    if (known.isEmpty()) {
      return null;
    }
    List<Run> runs = withKey(known.get().id(), order);
    Duration mayCome = null;
    for (Run run : runs) {
      mayCome = LostResponse.longer(mayCome, LostResponse.left(run.tags(), clock.instant()));
    }
    String kept = runId != null ? runId : runs.stream().findFirst().map(Run::id).orElse(null);
    for (Run run : runs) {
      if (!run.id().equals(kept)) {
        target.runs().delete(run.id());
        removed.accept(run);
      }
    }
    return mayCome;
  }

  /** Ends it as the original ended. */
  void finish(Run run, Run original) {
    if (!run.isFinished()) {
      target.runs().end(run.id(), "FINISHED", original.endTime());
    }
  }

  private Optional<Run> keepFirst(String experiment, CopyOrder order) {
    List<Run> found = withKey(experiment, order);
    found.stream().skip(1).forEach(run -> target.runs().delete(run.id()));
    return found.stream().findFirst();
  }

  /** The one that is to stay comes first. */
  private List<Run> withKey(String experiment, CopyOrder order) {
    List<Run> found =
        new ArrayList<>(target.runs().withTag(List.of(experiment), Tags.KEY, order.key()));
    String former = order.formerKey();
    if (former != null) {
      found.addAll(target.runs().withTag(List.of(experiment), Tags.KEY, former));
    }
    found.sort(FIRST_MADE);
    return found;
  }

  private static long madeAt(Run run) {
    String made = run.tags().getOrDefault(MADE, "");
    return made.matches("\\d{1,18}") ? Long.parseLong(made) : Long.MAX_VALUE;
  }
}
