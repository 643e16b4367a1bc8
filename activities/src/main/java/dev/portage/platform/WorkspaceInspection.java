package dev.portage.platform;

import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceActivities;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.settings.Station.Ability;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a workspace with everything that its kind can be looked at by: first its login, then
 * each part of it. Once a part does not let the login in, the others are not asked.
 */
public final class WorkspaceInspection implements WorkspaceActivities {

  /** What only a workspace that runs jobs has. */
  private static final Set<Right> OF_JOBS =
      EnumSet.of(Right.RUN_JOBS, Right.MANAGE_JOBS, Right.USE_POOL, Right.QUERY_TABLES);

  private final WorkspaceLogins logins;
  private final List<Inspector> inspectors;

  /** Looks at one part of a workspace. */
  @FunctionalInterface
  public interface Inspector {

    /**
     * What was found; without an identity when the login was not let in.
     *
     * @throws ApplicationFailure the platform's, when there was no answer
     */
    WorkspaceReport inspect(WorkspaceNeeds needs);
  }

  /**
   * Looks by these.
   *
   * @param inspectors in the order in which they are asked; the first that tells an identity counts
   */
  public WorkspaceInspection(WorkspaceLogins logins, List<Inspector> inspectors) {
    this.logins = logins;
    this.inspectors = List.copyOf(inspectors);
  }

  @Override
  public WorkspaceReport inspect(WorkspaceNeeds needs) {
    Workspace workspace = logins.workspace(needs.workspace());
    List<Finding> findings = new ArrayList<>();
    if (!readLogins(workspace, findings)) {
      return new WorkspaceReport(workspace.name(), null, findings);
    }
    WorkspaceNeeds possible = withoutWhatTheKindLacks(workspace, needs, findings);
    @Nullable String identity = null;
    for (Inspector inspector : inspectors) {
      WorkspaceReport report = inspector.inspect(possible);
      findings.addAll(report.findings());
      if (report.identity() == null) {
        break;
      }
      identity = identity == null ? report.identity() : identity;
    }
    return new WorkspaceReport(workspace.name(), identity, findings);
  }

  /** Whether every secret of the workspace can be read where this worker runs. */
  private boolean readLogins(Workspace workspace, List<Finding> findings) {
    Optional<Login> token = logins.token(workspace.name());
    if (token.isEmpty()) {
      return true;
    }
    try {
      token.get().read();
      return true;
    } catch (ApplicationFailure failure) {
      findings.add(
          Finding.lack(workspace.origin(), "login of workspace " + workspace.name(), failure));
      return false;
    }
  }

  /** The doctor asks for everything; what a kind has not is no lack of it. */
  private static WorkspaceNeeds withoutWhatTheKindLacks(
      Workspace workspace, WorkspaceNeeds needs, List<Finding> findings) {
    if (workspace.kind().abilities().contains(Ability.RUN_JOBS)) {
      return needs;
    }
    List<Right> possible =
        needs.rights().stream().filter(right -> !OF_JOBS.contains(right)).toList();
    if (possible.size() < needs.rights().size()) {
      findings.add(
          new Finding(
              workspace.origin(),
              "kind of workspace " + workspace.name(),
              Verdict.NOTE,
              workspace.kind().name() + " has registry and artifacts, and runs no jobs",
              null));
    }
    return new WorkspaceNeeds(needs.workspace(), needs.model(), needs.experiment(), possible, null);
  }
}
