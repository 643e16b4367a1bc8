package dev.portage.rollback;

import dev.portage.live.LiveState;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.scoring.RemoveOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rollback found before anyone was asked.
 *
 * @param plan what it will change, for people
 * @param left the release that it leaves, or that the change which it finishes had left; null if
 *     what is live was never released, or stays live
 * @param target the release that it goes back to
 * @param version that release's version, as the registry has it now
 * @param desired state of each live thing to restore, in the order in which a hop changes them
 * @param predictions how the left release's predictions are removed; null if there are none, or
 *     they can't be removed
 * @param mark the origin's mark that follows; null if none does
 * @param known how records describe what is live, by which it is found again
 * @param quarantined why the target's candidate is refused, until it is live; null if it is not, or
 *     from a writer that did not say
 */
record Findings(
    RollbackPlan plan,
    @Nullable Release left,
    Release target,
    ModelVersion version,
    List<LiveState> desired,
    @Nullable RemoveOrder predictions,
    @Nullable MarkOrder mark,
    List<LiveState> known,
    @Nullable Quarantined quarantined) {

  Findings {
    desired = List.copyOf(desired);
    known = List.copyOf(known);
  }

  /** Of a target that is not refused. */
  Findings(
      RollbackPlan plan,
      @Nullable Release left,
      Release target,
      ModelVersion version,
      List<LiveState> desired,
      @Nullable RemoveOrder predictions,
      @Nullable MarkOrder mark,
      List<LiveState> known) {
    this(plan, left, target, version, desired, predictions, mark, known, null);
  }

  private Findings(Findings from, @Nullable Quarantined quarantined) {
    this(
        from.plan,
        from.left,
        from.target,
        from.version,
        from.desired,
        from.predictions,
        from.mark,
        from.known,
        quarantined);
  }

  /** The same, where the target's candidate is refused. */
  Findings quarantined(@Nullable Quarantined why) {
    return new Findings(this, why);
  }

  /** The version that was live before; for a change that was cut off, the one before it. */
  @Nullable String previous() {
    Release before = left;
    return before == null ? plan.from() : before.version();
  }
}
