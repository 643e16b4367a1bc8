package dev.portage.platform;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.secrets.Secrets;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The logins that this worker may use: those of the workspaces it serves, and the read-only ones of
 * the workspaces that it copies from. No other secret is ever read.
 */
public final class WorkspaceLogins {

  private final PlatformSource source;
  private final Secrets secrets;
  private final Set<String> served;

  /**
   * Logins for these workspaces.
   *
   * @param served names of the workspaces that this worker serves
   */
  public WorkspaceLogins(PlatformSource source, Secrets secrets, Set<String> served) {
    this.source = source;
    this.secrets = secrets;
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
  public Optional<Login> token(String workspace) {
    Platform platform = source.platform();
    if (!served.contains(workspace)) {
      throw notHere(workspace, "this worker serves " + names(platform) + " alone");
    }
    return login(known(platform, workspace).token());
  }

  /**
   * The read-only login of a workspace to copy from; empty if its server requires none.
   *
   * @throws ApplicationFailure the user's, when nothing served here copies from it
   */
  public Optional<Login> reader(String workspace) {
    Platform platform = source.platform();
    Workspace known = known(platform, workspace);
    if (!served.contains(workspace)
        && !isBefore(platform.path(), workspace)
        && !isBefore(platform.names(), workspace)) {
      throw notHere(
          workspace, "this worker serves " + names(platform) + " only, and copies nothing from it");
    }
    return login(known.reader());
  }

  /**
   * The workspace of that name, as it is now.
   *
   * @throws ApplicationFailure the user's, when there is none
   */
  public Workspace workspace(String name) {
    return known(source.platform(), name);
  }

  private boolean isBefore(List<String> order, String workspace) {
    int place = order.indexOf(workspace);
    return place >= 0 && order.subList(place + 1, order.size()).stream().anyMatch(served::contains);
  }

  private Optional<Login> login(@Nullable LoginReference reference) {
    return reference == null
        ? Optional.empty()
        : Optional.of(
            new Login(reference, reference.user() == null ? secrets::read : secrets::readLine));
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
