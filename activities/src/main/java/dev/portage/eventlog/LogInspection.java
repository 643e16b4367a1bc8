package dev.portage.eventlog;

import dev.portage.failure.FailureKind;
import dev.portage.mlflow.Experiment;
import dev.portage.mlflow.ExperimentFolders;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Optional;

/**
 * Inspects the log of a workspace, without changing anything: whether the login may add an entry. A
 * release, a rollback and an adoption write one after the champion has moved, when it is too late
 * to learn that they may not.
 */
public final class LogInspection {

  private static final String WHAT = "log " + EventRuns.EXPERIMENT;

  private final MlflowServers servers;

  /** Looks at these servers. */
  public LogInspection(MlflowServers servers) {
    this.servers = servers;
  }

  /**
   * Looks, where something is released into the workspace.
   *
   * @throws ApplicationFailure the platform's, when the server does not answer
   */
  public WorkspaceReport inspect(WorkspaceNeeds needs) {
    MlflowServer server = servers.of(needs.workspace());
    return new WorkspaceReport(
        needs.workspace(),
        server.base().toString(),
        isReleasedInto(needs) ? List.of(look(server)) : List.of());
  }

  /** Copies go there; or, for the doctor, they may. */
  private static boolean isReleasedInto(WorkspaceNeeds needs) {
    return needs.rights().contains(Right.WRITE_REGISTRY)
        && (needs.experiment() != null || needs.model() == null);
  }

  private static Finding look(MlflowServer server) {
    String where = "workspace " + server.workspace();
    try {
      Optional<Experiment> log = server.experiments().named(EventRuns.EXPERIMENT);
      if (log.isEmpty()) {
        return toBeMade(server, where);
      }
      if (!log.get().active()) {
        return Finding.failed(
            where,
            WHAT,
            "it is deleted, so nothing that is released can be recorded",
            "Restore it with: mlflow experiments restore --experiment-id " + log.get().id());
      }
      server
          .runs()
          .requireWrites(log.get().id(), "check whether an entry may be added to the " + WHAT);
      return Finding.ok(where, WHAT, "entries can be added");
    } catch (ApplicationFailure failure) {
      if (FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM) {
        throw failure;
      }
      return Finding.failed(where, WHAT, failure);
    }
  }

  /** The first entry creates it; where that can be seen to fail, it is a lack now. */
  private static Finding toBeMade(MlflowServer server, String where) {
    Optional<ExperimentFolders> folders = server.folders();
    String type = folders.isEmpty() ? "" : folders.get().typeAt(EventRuns.EXPERIMENT).orElse("");
    return switch (type) {
      case "" -> Finding.ok(where, WHAT, "does not exist yet; the first entry creates it");
      case ExperimentFolders.EXPERIMENT ->
          Finding.failed(
              where,
              WHAT,
              "it exists, but the login can't see it, so nothing that is released can be recorded",
              "Give the login the right to edit that experiment (CAN_EDIT).");
      default ->
          Finding.failed(
              where,
              WHAT,
              "that is the name of a " + type + ", so there can be no such experiment",
              "Rename or delete it.");
    };
  }
}
