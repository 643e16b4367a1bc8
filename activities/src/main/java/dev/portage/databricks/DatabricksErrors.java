package dev.portage.databricks;

import static dev.portage.failure.FailureKind.PLATFORM;
import static dev.portage.failure.FailureKind.USER;

import dev.portage.http.DatabricksWords;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import java.util.regex.Pattern;

/**
 * What Databricks' errors mean: first by error code, then by status.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/introduction">REST API reference</a>; the
 *     codes are those of the SDK's own error mapping
 */
public final class DatabricksErrors {
  private static final String LATER = "Portage retries when the workspace allows.";
  private static final String AGAIN =
      "Portage retries; if it persists, check the workspace's status page.";
  private static final String CORRECT = "Correct what the message names, then start again.";
  private static final String GONE =
      "It may have been deleted: check the workspace, then start again.";

  /** Missing jobs and runs are also reported by 400 with these words, or by 404 without a code. */
  private static final Pattern NOT_THERE =
      Pattern.compile(
          "(Job|Run) .* does not exist|Run: .* in job: .* doesn't exist", Pattern.DOTALL);

  private DatabricksErrors() {}

  /**
   * The table for a workspace; the message about a refused login says where its token is stored.
   */
  public static ErrorTable of(DatabricksWorkspace workspace) {
    return of(
        workspace,
        "The login kept at "
            + workspace.login()
            + " lacks a permission: run portage doctor to see which, and have it granted.");
  }

  /**
   * The table for a workspace and a call about one thing that not everyone may use.
   *
   * @param login who calls
   */
  static ErrorTable of(DatabricksWorkspace workspace, Guarded thing, Me login) {
    return of(
        workspace,
        (thing.mayBeGone() ? "It was deleted, or " : "")
            + login.name()
            + ", whose login is kept at "
            + workspace.login()
            + ", lacks "
            + thing.level()
            + " for it. Someone who manages "
            + thing.words()
            + " can grant it: "
            + thing.grant(login)
            + (thing.isServedModel()
                ? ". An endpoint loads models as whoever created it: if that is somebody else, it is"
                    + " that one who needs it"
                : ""));
  }

  /**
   * The table for a workspace and the creation of an endpoint.
   *
   * @param login who calls
   */
  static ErrorTable ofNewEndpoint(DatabricksWorkspace workspace, Me login) {
    return of(
        workspace,
        login.name()
            + ", whose login is kept at "
            + workspace.login()
            + ", may not create endpoints. For an admin of the workspace: "
            + login.grantEntitlements("workspace-access"));
  }

  private static ErrorTable of(DatabricksWorkspace workspace, String grant) {
    String renew = workspace.renew();
    return DatabricksWords.in(ErrorTable.builder(), renew, AGAIN)
        .code("UNAUTHENTICATED", USER, renew)
        .code("CUSTOMER_UNAUTHORIZED", USER, renew)
        .code("PERMISSION_DENIED", USER, grant)
        .code("FEATURE_DISABLED", USER, "Have the feature enabled for this workspace.")
        .code("INVALID_PARAMETER_VALUE", USER, CORRECT)
        .code("BAD_REQUEST", USER, CORRECT)
        .code("MALFORMED_REQUEST", USER, CORRECT)
        .code("INVALID_STATE", USER, CORRECT)
        .code("NOT_IMPLEMENTED", USER, CORRECT)
        .code("RESOURCE_DOES_NOT_EXIST", USER, GONE)
        .code("NOT_FOUND", USER, GONE)
        .code("ENDPOINT_NOT_FOUND", USER, "Check that the host is a Databricks workspace.")
        .code("ALREADY_EXISTS", USER, CORRECT)
        .code("RESOURCE_ALREADY_EXISTS", USER, CORRECT)
        .code("QUOTA_EXCEEDED", USER, "Raise the quota, or delete what is not needed.")
        .code("RESOURCE_EXHAUSTED", PLATFORM, LATER)
        .code("REQUEST_LIMIT_EXCEEDED", PLATFORM, LATER)
        .code("TOO_MANY_REQUESTS", PLATFORM, LATER)
        .code("RESOURCE_CONFLICT", PLATFORM, LATER)
        .code("ABORTED", PLATFORM, AGAIN)
        .code("CANCELLED", PLATFORM, AGAIN)
        .code("DEADLINE_EXCEEDED", PLATFORM, AGAIN)
        .code("DATA_LOSS", PLATFORM, AGAIN)
        .code("INTERNAL_ERROR", PLATFORM, AGAIN)
        .code("TEMPORARILY_UNAVAILABLE", PLATFORM, AGAIN)
        .code("WORKSPACE_TEMPORARILY_UNAVAILABLE", PLATFORM, AGAIN)
        .code("UNKNOWN", PLATFORM, AGAIN)
        .status(
            200,
            PLATFORM,
            "The response was a web page, not JSON: check the host and any proxies in between.")
        .status(401, USER, renew)
        .status(403, USER, grant)
        .status(404, USER, GONE)
        .status(409, PLATFORM, LATER)
        .status(429, PLATFORM, LATER)
        .build();
  }

  /** Whether a right is missing, rather than the login being wrong. */
  static boolean isForbidden(HttpAnswer answer) {
    return !DatabricksWords.refuseToken(answer)
        && (answer.status() == 403 || answer.isError("PERMISSION_DENIED"));
  }

  /** Whether the response says that the requested object doesn't exist. */
  static boolean isNotThere(HttpAnswer answer) {
    boolean saysNothing = answer.status() == 404 && answer.body().strip().equals("{}");
    return answer.isNotThere()
        || saysNothing
        || (answer.isError("INVALID_PARAMETER_VALUE")
            && NOT_THERE.matcher(answer.message()).find());
  }
}
