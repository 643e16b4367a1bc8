package dev.portage.platform;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Credential;
import dev.portage.preflight.Ahead;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceActivities;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.settings.Station.Capability;
import dev.portage.store.Parallel;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs all inspections of a workspace that its kind has: first the login, then all parts at once,
 * and what is live there. Someone is waiting, and each response takes time.
 */
public final class WorkspaceInspection implements WorkspaceActivities {

  /** What only a workspace that runs jobs has. */
  private static final Set<Right> OF_JOBS =
      EnumSet.of(Right.RUN_JOBS, Right.MANAGE_JOBS, Right.USE_POOL, Right.QUERY_TABLES);

  private final WorkspaceLogins logins;
  private final List<Inspector> inspectors;
  private final LiveInspection live;

  /** Looks at one part of a workspace. */
  @FunctionalInterface
  public interface Inspector {

    /**
     * What was found; without an identity when the login was not let in. On any thread, which is
     * not the activity's own.
     *
     * @throws ApplicationFailure the platform's, when there was no answer
     */
    WorkspaceReport inspect(WorkspaceNeeds needs);
  }

  /**
   * Looks by these.
   *
   * @param inspectors the first runs before all others, and if it does not let the login in they
   *     don't run; findings are reported in this order, up to one without an identity
   * @param live reads what is live
   */
  public WorkspaceInspection(
      WorkspaceLogins logins, List<Inspector> inspectors, LiveInspection live) {
    this.logins = logins;
    this.inspectors = List.copyOf(inspectors);
    this.live = live;
  }

  @Override
  public WorkspaceReport inspect(WorkspaceNeeds needs) {
    Workspace workspace = logins.workspace(needs.workspace());
    List<Finding> findings = new ArrayList<>();
    readSource(workspace, needs, findings);
    if (!readLogin(workspace, findings)) {
      return new WorkspaceReport(workspace.name(), null, findings);
    }
    WorkspaceNeeds possible = withoutWhatTheKindLacks(workspace, needs, findings);
    WorkspaceReport login = inspectors.getFirst().inspect(possible);
    findings.addAll(login.findings());
    String identity = login.identity();
    if (identity == null) {
      return new WorkspaceReport(workspace.name(), null, findings);
    }
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      return together(workspace.name(), identity, possible, findings, threads)
          .named(workspace.names());
    } finally {
      Parallel.end(threads);
    }
  }

  private WorkspaceReport together(
      String workspace,
      String identity,
      WorkspaceNeeds needs,
      List<Finding> findings,
      ExecutorService threads) {
    List<Future<WorkspaceReport>> parts =
        inspectors.stream()
            .skip(1)
            .map(inspector -> threads.submit(() -> inspector.inspect(needs)))
            .toList();
    Ahead ahead = needs.ahead();
    LiveInspection.@Nullable Looking looking = ahead == null ? null : live.begin(ahead, threads);
    for (Future<WorkspaceReport> part : parts) {
      WorkspaceReport report = Parallel.awaited(part);
      findings.addAll(report.findings());
      if (report.identity() == null) {
        break;
      }
    }
    if (looking == null || Finding.anyFailed(findings)) {
      return new WorkspaceReport(workspace, identity, findings);
    }
    LiveInspection.Seen seen = looking.seen();
    Finding failed = seen.failed();
    if (failed != null) {
      findings.add(failed);
    }
    return new WorkspaceReport(workspace, identity, findings, seen.live());
  }

  /** Whether the secrets of the workspace's login can be read where this worker runs. */
  private boolean readLogin(Workspace workspace, List<Finding> findings) {
    Optional<Credential> login = logins.login(workspace.name());
    return read(workspace, "login of workspace " + workspace.name(), () -> login, findings);
  }

  /** Otherwise a missing secret of the source would show only after training and approval. */
  private void readSource(Workspace target, WorkspaceNeeds needs, List<Finding> findings) {
    Optional.ofNullable(needs.copiesFrom())
        .or(() -> logins.before(target.name()))
        .map(logins::workspace)
        .ifPresent(source ->
            read(
                source,
                "login to copy from " + source.name() + " to " + target.name(),
                () -> logins.reader(source.name()),
                findings));
  }

  private static boolean read(
      Workspace workspace,
      String what,
      Supplier<Optional<Credential>> login,
      List<Finding> findings) {
    Optional<Credential> credential;
    try {
      credential = login.get();
      credential.ifPresent(Credential::read);
    } catch (ApplicationFailure failure) {
      findings.add(Finding.failed(workspace.origin(), what, failure));
      return false;
    }
    try {
      credential.ifPresent(Credential::authorization);
      return true;
    } catch (ApplicationFailure failure) {
      findings.add(refused(workspace, what, failure));
      return false;
    }
  }

  /**
   * Who issues the tokens of a login may be elsewhere; the login is the workspace's all the same.
   *
   * @throws ApplicationFailure the platform's: whoever issues tokens doesn't answer
   */
  private static Finding refused(Workspace workspace, String what, ApplicationFailure failure) {
    Problem problem = Failures.problemOf(failure, what, "workspace " + workspace.name());
    if (problem.kind() == FailureKind.PLATFORM) {
      throw failure;
    }
    return Finding.failed(
        "workspace " + workspace.name(),
        what,
        problem.tried() + " failed in " + problem.where() + ": " + problem.cameBack(),
        problem.remedy());
  }

  /** The doctor checks everything; what a kind doesn't have is not missing. */
  private static WorkspaceNeeds withoutWhatTheKindLacks(
      Workspace workspace, WorkspaceNeeds needs, List<Finding> findings) {
    if (workspace.kind().capabilities().contains(Capability.RUN_JOBS)) {
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
    return WorkspaceNeeds.of(needs.workspace(), possible)
        .model(needs.model())
        .experiment(needs.experiment())
        .ahead(needs.ahead())
        .candidate(needs.candidate())
        .build();
  }
}
