package dev.portage.eventlog;

import dev.portage.mlflow.MlflowServers;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import io.temporal.failure.ApplicationFailure;
import java.util.List;

/**
 * Inspects whether a workspace that a promotion goes to refuses its commit: such a promotion would
 * be rejected before it does anything. A candidate's bytes are not known yet.
 */
public final class QuarantineInspection {

  private static final String WHAT = "quarantine";

  private final MlflowServers servers;
  private final QuarantineActivities quarantine;

  /** Looks at these candidates. */
  public QuarantineInspection(MlflowServers servers, QuarantineActivities quarantine) {
    this.servers = servers;
    this.quarantine = quarantine;
  }

  /**
   * A failed finding if the commit is refused, none otherwise.
   *
   * @throws ApplicationFailure the platform's, when the server does not answer
   */
  public WorkspaceReport inspect(WorkspaceNeeds needs) {
    String model = needs.model();
    String commit = needs.candidate();
    return new WorkspaceReport(
        needs.workspace(),
        servers.of(needs.workspace()).base().toString(),
        model == null || commit == null
            ? List.of()
            : refused(new QuarantineQuery(needs.workspace(), model, null, commit)));
  }

  private List<Finding> refused(QuarantineQuery query) {
    String where = "workspace " + query.workspace();
    try {
      return quarantine
          .quarantined(query)
          .map(entry -> failed(where, entry))
          .map(List::of)
          .orElse(List.of());
    } catch (ApplicationFailure failure) {
      return List.of(Finding.failed(where, WHAT, failure));
    }
  }

  private static Finding failed(String where, Quarantined entry) {
    return Finding.failed(
        where,
        WHAT,
        "this commit is in quarantine: " + entry.text(),
        "Promote another commit; or, if it may go live after all: " + entry.lift());
  }
}
