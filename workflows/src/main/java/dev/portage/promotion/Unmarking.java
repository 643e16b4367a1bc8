package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.failure.Failures;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.UnmarkOrder;
import dev.portage.registry.Unmarked;
import dev.portage.settings.Station;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the mark of what is on its way from a candidate that ends without being live anywhere. It
 * is tried for a bounded time, and holds up no end: who looks at the registry is told what is left.
 */
final class Unmarking {

  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Journey journey;
  private final Station origin;

  /** What may have the mark; null for nothing. */
  private @Nullable Candidate candidate;

  /** What an earlier run of the workflow registered it may have marked as well. */
  Unmarking(Journey journey) {
    this.journey = journey;
    this.origin = journey.settings().first();
    this.candidate = journey.journal().find(StepNames.REGISTER, Candidate.class).orElse(null);
  }

  /** From here on it may have the mark. */
  void begins(Candidate registered) {
    candidate = registered;
  }

  /** Takes it, unless something of the candidate is live, or somebody marked it before us. */
  void run() {
    Candidate marked = candidate;
    if (marked == null
        || journey.progress().outcome().isLiveSomewhere()
        || wasMarkedBefore(marked)) {
      return;
    }
    Workflow.newDetachedCancellationScope(() -> unmark(marked)).run();
  }

  /** As it was registered. */
  private Optional<ModelVersion> version(Candidate candidate) {
    return journey.progress().outcome().version(origin.workspace(), candidate.originVersion());
  }

  private boolean wasMarkedBefore(Candidate candidate) {
    String mark = origin.marking().candidate();
    return version(candidate)
        .filter(version ->
            switch (origin.marking()) {
              case ALIASES -> version.aliases().contains(mark);
              case STAGES ->
                  mark.equals(version.stage()) || origin.marking().live().equals(version.stage());
            })
        .isPresent();
  }

  private void unmark(Candidate candidate) {
    String mark = origin.marking().candidate();
    UnmarkOrder order =
        new UnmarkOrder(
            origin.workspace(),
            origin.model(),
            candidate.originVersion(),
            origin.marking(),
            mark,
            version(candidate).map(ModelVersion::stage).orElse(null));
    String what =
        "version " + order.version() + " of " + order.model() + " in " + order.workspace();
    try {
      Unmarked unmarked =
          Stubs.afterwards(
                  RegistryActivities.class,
                  journey.originQueue(),
                  LONGEST,
                  mark + " goes from " + what)
              .unmark(order);
      journey.progress().outcome().leaves(origin.workspace(), what + ", " + unmarked.now());
    } catch (TemporalFailure failure) {
      journey
          .progress()
          .notice(
              what
                  + " may still be "
                  + mark
                  + ", although it is no longer being promoted; remove that in its registry: "
                  + Failures.line(failure));
    }
  }
}
