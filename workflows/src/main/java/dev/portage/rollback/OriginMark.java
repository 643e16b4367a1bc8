package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.plan.Action;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mark in the first workspace of the path, which says what is live in the last one. It follows
 * a rollback of that one; a mark that is not the left release's is somebody else's, and stays.
 *
 * @param plan what becomes of it, null where nothing does
 * @param order how, null where nothing is done
 * @param remarks why nothing is done, though one might expect it
 */
record OriginMark(@Nullable Action plan, @Nullable MarkOrder order, List<String> remarks) {

  /** Step of a rollback. */
  static final String STEP = "origin";

  /** Nobody waits for another workspace in an emergency. */
  private static final Duration SHORT = Duration.ofSeconds(15);

  private static final OriginMark NONE = new OriginMark(null, null, List.of());

  /** Reads it. What can't be read in seconds stays, and the remarks say so. */
  static OriginMark of(RollbackSettings settings, @Nullable Release left, Release chosen) {
    Station origin = settings.origin();
    if (origin == null) {
      return NONE;
    }
    String mark = origin.marking().live() + " of " + origin.model() + " in " + origin.workspace();
    try {
      String then = versionOf(origin, chosen);
      String now =
          registry(origin, "what is marked as live there")
              .champion(new ModelQuery(origin.workspace(), origin.model(), origin.marking()))
              .map(champion -> champion.version().version())
              .orElse(null);
      if (then == null) {
        return told(mark + " stays: which version there was released is not recorded");
      }
      if (then.equals(now)) {
        return NONE;
      }
      String ours = left == null ? null : versionOf(origin, left);
      if (now != null && !now.equals(ours)) {
        return told(mark + " stays: it is version " + now + ", which is not what is left");
      }
      return new OriginMark(
          new Action(STEP, mark, RollbackPlan.version(now), RollbackPlan.version(then)),
          new MarkOrder(
              origin.workspace(), origin.model(), then, origin.marking(), origin.marking().live()),
          List.of());
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      return told(mark + " stays: it could not be read: " + Failures.line(failure));
    }
  }

  private static OriginMark told(String why) {
    return new OriginMark(null, null, List.of(why));
  }

  /** The version in the first workspace that a promotion released; null if it is not known. */
  private static @Nullable String versionOf(Station origin, Release release) {
    return registry(origin, "which version " + release.promotion() + " released")
        .versionsOf(new PromotionQuery(origin.workspace(), origin.model(), release.promotion()))
        .stream()
        .reduce((earlier, later) -> later)
        .map(ModelVersion::version)
        .orElse(null);
  }

  Optional<Action> action() {
    return Optional.ofNullable(plan);
  }

  private static RegistryActivities registry(Station origin, String summary) {
    return Stubs.quick(RegistryActivities.class, Queues.of(origin.workspace()), SHORT, summary);
  }
}
