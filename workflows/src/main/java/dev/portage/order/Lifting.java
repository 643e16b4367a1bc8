package dev.portage.order;

import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.preflight.WorkspaceCalls;
import dev.portage.quarantine.LiftOrder;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.settings.Station;
import dev.portage.text.Bounded;
import io.temporal.failure.TemporalFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Workflow code: finds a refused candidate in workspaces, and lifts it. */
final class Lifting {

  private static final int LISTED = 5;

  private final WorkspaceCalls calls;
  private final WorkspaceOrder order;
  private final Instant now;

  Lifting(WorkspaceCalls calls, WorkspaceOrder order, Instant now) {
    this.calls = calls;
    this.order = order;
    this.now = now;
  }

  /**
   * What a workspace has in quarantine, lifted ones included.
   *
   * @param problem why it is not known, null if it is
   */
  record Read(Station station, List<Quarantined> entries, @Nullable Problem problem) {}

  Read read(Station station) {
    try {
      return new Read(
          station,
          calls.ask(
              QuarantineActivities.class,
              station.workspace(),
              "read the quarantined candidates of " + station.model(),
              quarantines ->
                  quarantines.quarantines(
                      QuarantineQuery.all(station.workspace(), station.model()))),
          null);
    } catch (TemporalFailure failure) {
      return new Read(station, List.of(), problem(station, failure));
    }
  }

  /** Lifts what is meant of what was read. */
  OrderAnswer lift(Read read, Naming naming) {
    String workspace = read.station().workspace();
    if (read.problem() != null) {
      return OrderAnswer.failed(workspace, read.problem());
    }
    Set<String> ids = naming.idsIn(workspace);
    if (ids.isEmpty()) {
      return OrderAnswer.unchanged(
          workspace, "not refused in " + workspace + ": nothing to lift", List.of());
    }
    Set<Quarantined> lifted = new LinkedHashSet<>();
    try {
      for (String id : ids) {
        lifted.addAll(lift(read.station(), id));
      }
    } catch (TemporalFailure failure) {
      return OrderAnswer.failed(workspace, problem(read.station(), failure));
    }
    return new OrderAnswer(
        workspace,
        true,
        "lifted in "
            + workspace
            + ": "
            + Bounded.listed(lifted.stream().map(Quarantined::text).toList(), "; ", LISTED),
        List.of(),
        new ArrayList<>(lifted),
        List.of(),
        null);
  }

  private List<Quarantined> lift(Station station, String id) {
    return calls.ask(
        QuarantineActivities.class,
        station.workspace(),
        "lift the candidate in " + station.workspace(),
        quarantines ->
            quarantines.lift(
                new LiftOrder(
                    station.workspace(), station.model(), id, order.by(), order.reason(), now)));
  }

  private Problem problem(Station station, TemporalFailure failure) {
    return Failures.problemOf(
        failure, order.words(), "workspace " + station.workspace(), "run the command again");
  }
}
