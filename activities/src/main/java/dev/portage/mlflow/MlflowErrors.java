package dev.portage.mlflow;

import dev.portage.failure.FailureKind;
import dev.portage.http.DatabricksWords;
import dev.portage.http.ErrorTable;
import java.util.regex.Pattern;

/**
 * What MLflow's errors mean. Codes as in MLflow's {@code databricks.proto}, which the tracking
 * server, the registry and Databricks share.
 */
public final class MlflowErrors {
  /** It already exists. */
  public static final String EXISTS = "RESOURCE_ALREADY_EXISTS";

  /** There is no such thing. */
  public static final String ABSENT = "RESOURCE_DOES_NOT_EXIST";

  /**
   * Another call wrote the same row between this one's look and its insert: the words of SQLite,
   * PostgreSQL, MySQL and SQL Server, which MLflow passes on as {@code BAD_REQUEST}.
   */
  static final Pattern WRITTEN_AT_ONCE =
      Pattern.compile(
          "UNIQUE constraint failed"
              + "|duplicate key value violates unique constraint"
              + "|Duplicate entry .* for key"
              + "|Violation of (PRIMARY|UNIQUE) KEY constraint");

  /** Where it is not known where the login is kept. */
  static final ErrorTable TABLE = table("The login was refused: renew the token.");

  /**
   * The table for a server.
   *
   * @param renew what to do when its login is refused, as a sentence
   */
  static ErrorTable table(String renew) {
    return DatabricksWords.in(ErrorTable.builder(), renew, "Portage retries.")
        .says(WRITTEN_AT_ONCE, FailureKind.PLATFORM, "Portage retries.")
        .code(ABSENT, FailureKind.USER, "Check the name or id, and whether it was deleted.")
        .code("NOT_FOUND", FailureKind.USER, "Check the name or id, and whether it was deleted.")
        .code(EXISTS, FailureKind.USER, "Use another name, or the existing one.")
        .code("INVALID_PARAMETER_VALUE", FailureKind.USER, "Correct what the message names.")
        .code("BAD_REQUEST", FailureKind.USER, "Correct what the message names.")
        .code("MALFORMED_REQUEST", FailureKind.USER, "Correct what the message names.")
        .code("INVALID_STATE", FailureKind.USER, "Bring it into the required state.")
        .code("INVALID_STATE_TRANSITION", FailureKind.USER, "Bring it into that state first.")
        .code("RESOURCE_LIMIT_EXCEEDED", FailureKind.USER, "Raise the limit, or delete something.")
        .code("QUOTA_EXCEEDED", FailureKind.USER, "Raise the quota, or delete something.")
        .code("PERMISSION_DENIED", FailureKind.USER, "Grant this login the permission.")
        .code("CUSTOMER_UNAUTHORIZED", FailureKind.USER, "Grant this login the permission.")
        .code("UNAUTHENTICATED", FailureKind.USER, renew)
        .status(401, FailureKind.USER, renew)
        .code("FEATURE_DISABLED", FailureKind.USER, "Enable the feature on the server.")
        .code("ENDPOINT_NOT_FOUND", FailureKind.USER, "Use an MLflow server that supports it.")
        .code("NOT_IMPLEMENTED", FailureKind.USER, "Use an MLflow server that can do that.")
        .code("REQUEST_LIMIT_EXCEEDED", FailureKind.PLATFORM, "Portage retries more slowly.")
        .code("RESOURCE_EXHAUSTED", FailureKind.PLATFORM, "Portage retries more slowly.")
        .code("TEMPORARILY_UNAVAILABLE", FailureKind.PLATFORM, "Portage retries.")
        .code("DEADLINE_EXCEEDED", FailureKind.PLATFORM, "Portage retries.")
        .code("ABORTED", FailureKind.PLATFORM, "Portage retries.")
        .code("INTERNAL_ERROR", FailureKind.PLATFORM, "Portage retries; see the server's log.")
        .status(
            403,
            FailureKind.USER,
            "Grant this login the permission; if the server refuses its own host name, add it to MLFLOW_SERVER_ALLOWED_HOSTS.")
        .status(404, FailureKind.USER, "Check that it is the address of an MLflow 2 or 3 server.")
        .build();
  }

  private MlflowErrors() {}
}
