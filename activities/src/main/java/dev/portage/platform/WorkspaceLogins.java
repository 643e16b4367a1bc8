package dev.portage.platform;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.http.Credential;
import dev.portage.login.Credentials;
import dev.portage.login.LoginSettings;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The logins that this worker may use: those of the workspaces it serves, and the read-only ones of
 * the workspaces that it copies from. No other secret is ever read.
 */
public final class WorkspaceLogins {

  private final PlatformSource source;
  private final Credentials credentials;
  private final Set<String> served;

  /**
   * Logins for these workspaces.
   *
   * @param served names of the workspaces that this worker serves
   */
  public WorkspaceLogins(PlatformSource source, Credentials credentials, Set<String> served) {
    this.source = source;
    this.credentials = credentials;
    this.served = Set.copyOf(served);
  }

  /** Names of the workspaces that this worker serves. */
  public Set<String> served() {
    return served;
  }

  /**
   * The login of a workspace that this worker serves; empty if its server requires none.
   *
   * @throws ApplicationFailure the user's, when it is not served here
   */
  public Optional<Credential> login(String workspace) {
    Platform platform = source.platform();
    if (!served.contains(workspace)) {
      throw notHere(workspace, "this worker serves " + names(platform) + " alone");
    }
    Workspace known = known(platform, workspace);
    return credential(known, known.login());
  }

  /**
   * The read-only login of a workspace to copy from; empty if its server requires none.
   *
   * @throws ApplicationFailure the user's, when nothing served here copies from it
   */
  public Optional<Credential> reader(String workspace) {
    Platform platform = source.platform();
    Workspace known = known(platform, workspace);
    if (!served.contains(workspace)
        && !isBefore(platform.path(), workspace)
        && !isBefore(platform.names(), workspace)) {
      throw notHere(
          workspace, "this worker serves " + names(platform) + " only, and copies nothing from it");
    }
    return credential(known, known.reader());
  }

  /**
   * The workspace before another one on the platform's path; empty for the first, and for one that
   * is not on it.
   */
  public Optional<String> before(String workspace) {
    List<String> path = source.platform().path();
    int place = path.indexOf(workspace);
    return place > 0 ? Optional.of(path.get(place - 1)) : Optional.empty();
  }

  /**
   * The workspace of that name, as it is now.
   *
   * @throws ApplicationFailure the user's, when there is none
   */
  public Workspace workspace(String name) {
    return known(source.platform(), name);
  }

  /** The freezes of a workspace that stand in the platform file now. */
  public List<Freeze> freezes(String workspace) {
    return source.platform().freezesOf(workspace);
  }

  /**
   * Names of the other workspaces that may be at the same server, by whatever address: what bears
   * one of these names is not its own.
   */
  public Set<String> neighbours(Workspace workspace) {
    return source.platform().workspaces().stream()
        .filter(other -> !other.name().equals(workspace.name()))
        .filter(other -> other.mayBe(workspace))
        .map(Workspace::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isBefore(List<String> order, String workspace) {
    int place = order.indexOf(workspace);
    return place >= 0 && order.subList(place + 1, order.size()).stream().anyMatch(served::contains);
  }

  private Optional<Credential> credential(Workspace workspace, @Nullable LoginSettings login) {
    return login == null
        ? Optional.empty()
        : Optional.of(
            credentials.of(
                login, Objects.requireNonNullElse(workspace.host(), workspace.mlflow())));
  }

  private String names(Platform platform) {
    return String.join(", ", platform.names().stream().filter(served::contains).toList());
  }

  private static Workspace known(Platform platform, String workspace) {
    return platform
        .workspace(workspace)
        .orElseThrow(() ->
            Failures.of(
                Problem.of(
                    FailureKind.USER,
                    "look up workspace " + workspace,
                    platform.fileName(),
                    "it does not exist; there are " + String.join(", ", platform.names()),
                    "Add it, or name one of those.")));
  }

  private static ApplicationFailure notHere(String workspace, String why) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "use the login of workspace " + workspace,
            "this worker",
            why,
            "Start a worker for it: portage worker --workspaces " + workspace));
  }
}
