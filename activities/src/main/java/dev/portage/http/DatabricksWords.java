package dev.portage.http;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import dev.portage.failure.FailureKind;
import java.util.regex.Pattern;

/**
 * Errors that Databricks expresses only in words, with a code and status that mean something else.
 * All its APIs do this, including MLflow's.
 */
public final class DatabricksWords {
  /**
   * The token is wrong or has expired. Reported by 403, as if a right were missing; by 401; and,
   * for one from Entra, by 400.
   */
  private static final Pattern REFUSED_TOKEN =
      Pattern.compile(
          "invalid access token|token is expir|ExpiredJwtException|credential was not sent",
          CASE_INSENSITIVE);

  /**
   * A temporary error, whatever its status: the list on which Databricks' own SDKs retry.
   *
   * @see <a
   *     href="https://github.com/databricks/databricks-sdk-go/blob/main/apierr/error_overrides.go">databricks-sdk-go,
   *     error_overrides.go</a>
   */
  private static final Pattern PASSING =
      Pattern.compile(
          "UnknownWorkerEnvironmentException"
              + "|does not have any associated worker environments"
              + "|There is no worker environment with id"
              + "|Unknown worker environment"
              + "|ClusterNotReadyException"
              + "|worker env .* not found"
              + "|Timed out after "
              + "|deadline exceeded");

  /**
   * Why a call is redirected to the login page: the workspace is reachable only through a private
   * network. The redirect's query says so.
   */
  static final String PRIVATE_LINK = "private-link-validation-error";

  private DatabricksWords() {}

  /**
   * Adds what such words mean to a table.
   *
   * @param renew what to do when the token is refused, as a sentence
   * @param again what happens after what passes, as a sentence
   */
  public static ErrorTable.Builder in(ErrorTable.Builder table, String renew, String again) {
    return table
        .says(REFUSED_TOKEN, FailureKind.USER, renew)
        .says(PASSING, FailureKind.PLATFORM, again)
        .says(
            Pattern.compile(PRIVATE_LINK),
            FailureKind.USER,
            "The workspace accepts connections only from its private network (AWS PrivateLink, Azure Private Link, Private Service Connect): run the worker inside it.");
  }

  /** Whether a refusal is one of the token itself. */
  public static boolean refuseToken(HttpAnswer answer) {
    return !answer.isSuccess() && (answer.status() == 401 || refuseToken(answer.message()));
  }

  /** Whether these words refuse the token itself. */
  static boolean refuseToken(String words) {
    return REFUSED_TOKEN.matcher(words).find();
  }
}
