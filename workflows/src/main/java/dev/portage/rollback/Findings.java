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
 * What a rollback found before it asked anyone.
 *
 * @param plan what it will change, for people
 * @param left the release that it leaves, or that what it finishes has left; null where what is
 *     live was never released, or stays live
 * @param target the release that it goes back to
 * @param version that release's version, as the registry has it now
 * @param desired state of each live thing to restore, in the order in which a hop changes them
 * @param predictions how the left release's predictions are removed; null where there are none, or
 *     they can't be removed
 * @param mark the origin's mark that follows; null where none does
 * @param known how records describe what is live, by which it is found again
 * @param quarantined why the target's candidate is refused, which ends when it is live; null if it
 *     is not, or from a writer that did not say
 */
record Looked(
    RollbackPlan plan,
    @Nullable Release left,
    Release target,
    ModelVersion version,
    List<LiveState> desired,
    @Nullable RemoveOrder predictions,
    @Nullable MarkOrder mark,
    List<LiveState> known,
    @Nullable Quarantined quarantined) {

  Looked {
    desired = List.copyOf(desired);
    known = List.copyOf(known);
  }

  /** One whose target is not refused. */
  Looked(
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

  private Looked(Looked from, @Nullable Quarantined quarantined) {
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
  Looked quarantined(@Nullable Quarantined why) {
    return new Looked(this, why);
  }

  /** The version that was live before; of a change that was cut off, before that one. */
  @Nullable String previous() {
    Release before = left;
    return before == null ? plan.from() : before.version();
  }
}
