package dev.portage.eventlog;

import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeActivities;
import dev.portage.mlflow.MlflowServers;
import dev.portage.preflight.Ahead;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceReport;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Inspects the freezes of a workspace that a promotion goes to. A freeze is no lack: the promotion
 * trains, copies and is decided on, and waits only before it goes live.
 */
public final class FreezeInspection {

  private static final String WHAT = "freeze";

  private final MlflowServers servers;
  private final FreezeActivities freezes;
  private final InstantSource clock;

  /** Looks at these freezes. */
  public FreezeInspection(MlflowServers servers, FreezeActivities freezes) {
    this(servers, freezes, InstantSource.system());
  }

  FreezeInspection(MlflowServers servers, FreezeActivities freezes, InstantSource clock) {
    this.servers = servers;
    this.freezes = freezes;
    this.clock = clock;
  }

  /**
   * A note for each freeze that holds the promotion's model now.
   *
   * @throws ApplicationFailure the platform's, when the server does not answer
   */
  public WorkspaceReport inspect(WorkspaceNeeds needs) {
    String model = needs.model();
    Ahead ahead = needs.ahead();
    return new WorkspaceReport(
        needs.workspace(),
        servers.of(needs.workspace()).base().toString(),
        model == null || ahead == null || ahead.live() == null
            ? List.of()
            : holding(needs.workspace(), model));
  }

  private List<Finding> holding(String workspace, String model) {
    String where = "workspace " + workspace;
    Instant now = clock.instant();
    try {
      return freezes.freezes(workspace).stream()
          .filter(freeze -> freeze.holdsAt(now) && freeze.concerns(model))
          .map(freeze -> note(where, freeze))
          .toList();
    } catch (ApplicationFailure failure) {
      return List.of(Finding.failed(where, WHAT, failure));
    }
  }

  private static Finding note(String where, Freeze freeze) {
    return new Finding(
        where,
        WHAT,
        Finding.Verdict.NOTE,
        freeze.text() + "; a promotion waits before it goes live",
        freeze.remedy());
  }
}
