package dev.portage.rollback;

import dev.portage.live.LiveState;
import dev.portage.plan.Action;
import dev.portage.release.Release;
import dev.portage.scoring.RemoveOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The predictions that the left release made visible: the rows of its batch are removed if the
 * table can tell them apart, and people are told what stays.
 *
 * @param workspace where
 * @param left the release that is left; null if what is live was never released, or stays live
 * @param now every live thing as it is
 */
record Predictions(String workspace, @Nullable Release left, List<LiveState> now) {

  /** Step of a rollback. */
  static final String STEP = "predictions";

  /** What a live thing calls the table that it writes. */
  private static final String TABLE = "table";

  /** How they are removed; null if there are none, or the table is unknown. */
  @Nullable RemoveOrder order() {
    Release release = left;
    String table = table();
    return release == null || table == null
        ? null
        : new RemoveOrder(
            workspace, table, release.promotion() + "/" + workspace, null, release.version());
  }

  private @Nullable String table() {
    Release release = left;
    List<LiveState> recorded =
        release == null || release.live() == null ? List.of() : release.live();
    return Stream.concat(recorded.stream(), now.stream())
        .flatMap(state -> Stream.ofNullable(state.value(TABLE)))
        .findFirst()
        .orElse(null);
  }

  Optional<Action> action() {
    RemoveOrder order = order();
    return order == null
        ? Optional.empty()
        : Optional.of(
            new Action(
                STEP,
                "table " + order.table() + " in " + workspace,
                "rows of batch " + order.batchId(),
                "removed"));
  }

  List<String> remarks() {
    Release release = left;
    return release != null && release.jobId() != null && order() == null
        ? List.of(
            "which table its predictions are in is not recorded, so they stay; its rows have"
                + " batch_id '"
                + release.promotion()
                + "/"
                + workspace
                + "'")
        : List.of();
  }
}
