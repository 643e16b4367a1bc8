package dev.portage.databricks;

import dev.portage.http.HttpAnswer;
import dev.portage.preflight.Finding;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the login may make experiments in somebody's folder. Anyone may in {@code /Shared}; a
 * folder below {@code /Users} is its owner's.
 */
final class FolderLook {
  private static final String OF_USERS = "/Users/";

  private final DatabricksApi api;
  private final Me login;

  FolderLook(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
  }

  /**
   * What was found; empty for a folder that is nobody else's, and where the workspace doesn't say.
   *
   * @param experiment full name, or the pattern of names; null for none
   */
  Optional<Finding> look(@Nullable String experiment) {
    String path = experiment == null ? "" : experiment.replaceFirst("^/Workspace(?=/)", "");
    String folder = path.substring(0, Math.max(path.lastIndexOf('/'), 0));
    if (!folder.startsWith(OF_USERS) || folder.contains("{")) {
      return Optional.empty();
    }
    String owner = folder.substring(OF_USERS.length()).replaceFirst("/.*$", "");
    if (owner.equalsIgnoreCase(login.user())) {
      return Optional.empty();
    }
    HttpAnswer status =
        api.probe(
            "look for folder " + folder,
            "GET",
            "/api/2.0/workspace/get-status?path=" + DatabricksApi.escaped(folder),
            null);
    if (status.isNotThere() || DatabricksErrors.isForbidden(status)) {
      return Optional.of(
          lack(
              folder,
              login.name() + " can't see it, or it doesn't exist",
              "For "
                  + owner
                  + ": "
                  + login.grantPermission("directories", null, "CAN_MANAGE")
                  + ", with the object_id from: databricks workspace get-status "
                  + folder));
    }
    String id = status.json().path("object_id").asText("");
    if (!status.isSuccess() || id.isEmpty()) {
      return Optional.empty();
    }
    Guarded thing = new Guarded("directories", id, "CAN_MANAGE", "folder " + folder);
    HttpAnswer permissions = api.permissionsOf(thing);
    return DatabricksErrors.isForbidden(permissions)
        ? Optional.of(
            lack(
                folder,
                login.name()
                    + " may not create experiments in it: "
                    + RightProbes.said(permissions),
                "For " + owner + ": " + api.grant(thing)))
        : Optional.empty();
  }

  private Finding lack(String folder, String text, String grant) {
    return Finding.failed(
        api.workspace().where(),
        "experiments in " + folder,
        text,
        grant + "; or name a folder below /Shared as experiments in the platform file");
  }
}
