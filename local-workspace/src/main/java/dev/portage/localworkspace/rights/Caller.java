package dev.portage.localworkspace.rights;

import dev.portage.localworkspace.protocol.ApiRefusal;
import java.util.Set;

/**
 * The user behind a token.
 *
 * @param user the user name, as ana@example.com
 * @param rights what that user may do
 */
public record Caller(String user, Set<Right> rights) {
  /** Keeps its own copy of the rights. */
  public Caller {
    rights = Set.copyOf(rights);
  }

  /** Whether the caller has the right, either directly or as part of a larger one. */
  public boolean may(Right right) {
    return rights.contains(right)
        || switch (right) {
          case JOBS_VIEW -> rights.contains(Right.JOBS_MANAGE);
          case FILES_READ -> rights.contains(Right.FILES_WRITE);
          case MODELS_EXECUTE -> rights.contains(Right.MODELS_CREATE);
          case JOBS_MANAGE,
              JOBS_ALL,
              POOLS_USE,
              SQL_USE,
              FILES_WRITE,
              REGISTRY_READ,
              REGISTRY_WRITE,
              MODELS_CREATE,
              SERVING_CREATE ->
              false;
        };
  }

  /**
   * Refuses the call where the right is missing.
   *
   * @throws ApiRefusal PERMISSION_DENIED, naming user and right
   */
  public void require(Right right) {
    if (!may(right)) {
      throw ApiRefusal.permissionDenied(
          "User " + user + " does not have the right '" + right.word() + "' in this workspace");
    }
  }
}
