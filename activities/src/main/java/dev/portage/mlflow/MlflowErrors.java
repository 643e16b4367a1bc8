package dev.portage.mlflow;

import dev.portage.failure.FailureKind;
import dev.portage.http.DatabricksWords;
import dev.portage.http.ErrorTable;

/**
 * What MLflow's errors mean. Codes as in MLflow's {@code databricks.proto}, which the tracking
 * server, the registry and Databricks share.
 */
public final class MlflowErrors {
  /** It is there already. */
  public static final String EXISTS = "RESOURCE_ALREADY_EXISTS";

  /** There is no such thing. */
  public static final String ABSENT = "RESOURCE_DOES_NOT_EXIST";

  /** Where it is not known where the login is kept. */
  static final ErrorTable TABLE =
      table("The login is refused: renew the token that is referred to.");

  /**
   * The table for a server.
   *
   * @param renew what to do when its login is refused, as a sentence
   */
  static ErrorTable table(String renew) {
    return DatabricksWords.in(ErrorTable.builder(), renew, "Portage asks again.")
        .code(ABSENT, FailureKind.USER, "Check the name or id, and that nobody deleted it.")
        .code("NOT_FOUND", FailureKind.USER, "Check the name or id, and that nobody deleted it.")
        .code(EXISTS, FailureKind.USER, "Use another name, or the one that is there.")
        .code("INVALID_PARAMETER_VALUE", FailureKind.USER, "Correct what is named.")
        .code("BAD_REQUEST", FailureKind.USER, "Correct what is named.")
        .code("MALFORMED_REQUEST", FailureKind.USER, "Correct what is named.")
        .code("INVALID_STATE", FailureKind.USER, "Bring it into the state that is asked for.")
        .code("INVALID_STATE_TRANSITION", FailureKind.USER, "Bring it into that state first.")
        .code("RESOURCE_LIMIT_EXCEEDED", FailureKind.USER, "Have the limit raised, or delete.")
        .code("QUOTA_EXCEEDED", FailureKind.USER, "Have the quota raised, or delete.")
        .code("PERMISSION_DENIED", FailureKind.USER, "Have the right granted to this login.")
        .code("CUSTOMER_UNAUTHORIZED", FailureKind.USER, "Have the right granted to this login.")
        .code("UNAUTHENTICATED", FailureKind.USER, renew)
        .status(401, FailureKind.USER, renew)
        .code("FEATURE_DISABLED", FailureKind.USER, "Have the feature switched on at the server.")
        .code("ENDPOINT_NOT_FOUND", FailureKind.USER, "Use an MLflow server that has it.")
        .code("NOT_IMPLEMENTED", FailureKind.USER, "Use an MLflow server that can do that.")
        .code("REQUEST_LIMIT_EXCEEDED", FailureKind.PLATFORM, "Portage asks again, more slowly.")
        .code("RESOURCE_EXHAUSTED", FailureKind.PLATFORM, "Portage asks again, more slowly.")
        .code("TEMPORARILY_UNAVAILABLE", FailureKind.PLATFORM, "Portage asks again.")
        .code("DEADLINE_EXCEEDED", FailureKind.PLATFORM, "Portage asks again.")
        .code("ABORTED", FailureKind.PLATFORM, "Portage asks again.")
        .code("INTERNAL_ERROR", FailureKind.PLATFORM, "Portage asks again; see the server's log.")
        .status(
            403,
            FailureKind.USER,
            "Have the right granted to this login; a server that refuses its own host name needs it"
                + " in MLFLOW_SERVER_ALLOWED_HOSTS.")
        .status(404, FailureKind.USER, "Is that the address of an MLflow server of version 2 or 3?")
        .build();
  }

  private MlflowErrors() {}
}
