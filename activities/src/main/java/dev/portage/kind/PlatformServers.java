package dev.portage.kind;

import dev.portage.databricks.DatabricksWorkspace;
import dev.portage.databricks.DatabricksWorkspaces;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Credential;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.ServerLogin;
import dev.portage.platform.Workspace;
import dev.portage.platform.WorkspaceAccess;
import dev.portage.transfer.Transfer;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntSupplier;

/** The servers in the current platform file, with the logins that this worker may use. */
final class PlatformServers implements MlflowServers, DatabricksWorkspaces {

  private final WorkspaceAccess access;

  PlatformServers(WorkspaceAccess access) {
    this.access = access;
  }

  @Override
  public MlflowServer of(String workspace) {
    return server(workspace, access.logins().login(workspace));
  }

  @Override
  public MlflowServer readerOf(String workspace) {
    return server(workspace, access.logins().reader(workspace));
  }

  @Override
  public DatabricksWorkspace workspace(String name) {
    Workspace workspace = access.logins().workspace(name);
    Credential login = access.logins().login(name).orElseThrow(() -> noDatabricks(workspace));
    URI host = workspace.host();
    if (host == null) {
      throw noDatabricks(workspace);
    }
    return new DatabricksWorkspace(
        name,
        host,
        login,
        workspace.compute(),
        workspace.warehouse(),
        access.logins().neighbours(workspace),
        workspace.experiments());
  }

  /** How many transfers a workspace allows at once, read from the platform file at each use. */
  IntSupplier transfers(String name) {
    return () ->
        Objects.requireNonNullElse(
            access.logins().workspace(name).transfers(), Transfer.CONCURRENCY);
  }

  private MlflowServer server(String name, Optional<Credential> login) {
    Workspace workspace = access.logins().workspace(name);
    return new MlflowServer(
        access.http(),
        workspace.mlflow(),
        ServerLogin.of(
            login.orElse(null), login.isPresent() ? renewal(login.get()) : giveOne(workspace)),
        name,
        pages(workspace),
        isDatabricks(workspace));
  }

  private static String renewal(Credential login) {
    String remedy = login.remedy();
    return remedy != null
        ? remedy
        : "The login was refused: put a valid token at " + login.text() + ".";
  }

  private static String giveOne(Workspace workspace) {
    return "The server requires a login: give workspace "
        + workspace.name()
        + " (at "
        + workspace.origin()
        + ") a login: a token, or user and password.";
  }

  /** A workspace of Databricks has pages of its own; other servers have MLflow's. */
  private static MlflowPages pages(Workspace workspace) {
    URI ui = workspace.ui();
    if (ui != null) {
      return MlflowPages.ofMlflow(ui);
    }
    return isDatabricks(workspace)
        ? MlflowPages.ofDatabricks(workspace.mlflow())
        : MlflowPages.ofMlflow(workspace.mlflow());
  }

  /** Whether its tracking server is the workspace's own. */
  private static boolean isDatabricks(Workspace workspace) {
    return workspace.kind() instanceof DatabricksKind
        && workspace.mlflow().equals(workspace.host());
  }

  private static ApplicationFailure noDatabricks(Workspace workspace) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "connect to workspace " + workspace.name() + " as a Databricks workspace",
            workspace.origin(),
            "it is of kind " + workspace.kind().name() + " now",
            "Restore its kind, host and login, and restart the worker."));
  }
}
