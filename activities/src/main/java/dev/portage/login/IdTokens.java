package dev.portage.login;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Attempt;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import dev.portage.http.OutboundHttp;
import dev.portage.secrets.Secret;
import dev.portage.secrets.SecretReference;
import dev.portage.secrets.Secrets;
import io.temporal.failure.ApplicationFailure;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Tokens by which a workload proves to another issuer what it is.
 *
 * @see <a
 *     href="https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token">GitHub:
 *     requesting the OIDC token</a>
 * @see <a
 *     href="https://learn.microsoft.com/en-us/rest/api/azure/devops/distributedtask/oidctoken/create">Azure
 *     DevOps: Oidctoken - Create</a>
 */
final class IdTokens {
  private static final String GITHUB_URL = "ACTIONS_ID_TOKEN_REQUEST_URL";
  private static final String GITHUB_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
  private static final String DEVOPS_URL = "SYSTEM_OIDCREQUESTURI";
  private static final String DEVOPS_TOKEN = "SYSTEM_ACCESSTOKEN";

  private static final String GITHUB_REMEDY =
      "A job of GitHub gets it by \"permissions: { id-token: write }\". Outside of one, give"
          + " id-token as env:NAME or file:PATH.";
  private static final String DEVOPS_REMEDY =
      "A job of Azure DevOps gets it with \"env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }\" at"
          + " the step that runs the worker. Outside of one, give id-token as env:NAME or file:PATH.";

  private final Secrets secrets;
  private final OutboundHttp http;

  IdTokens(Secrets secrets, OutboundHttp http) {
    this.secrets = secrets;
    this.http = http;
  }

  /**
   * The token as it is now.
   *
   * @param audience for whom, where the platform file doesn't say
   */
  Secret read(IdTokenSettings settings, String audience) {
    return switch (settings) {
      case IdTokenSettings.Kept(var reference) -> secrets.read(reference);
      case IdTokenSettings.Github(var named) -> {
        HttpUrl url =
            address(GITHUB_URL, GITHUB_REMEDY)
                .newBuilder()
                .setQueryParameter("audience", named == null ? audience : named)
                .build();
        yield requested(
            "request the id token of GitHub",
            new Request.Builder().url(url).get(),
            GITHUB_TOKEN,
            "value",
            GITHUB_REMEDY);
      }
      case IdTokenSettings.AzureDevops(var connection) -> {
        HttpUrl.Builder url = address(DEVOPS_URL, DEVOPS_REMEDY).newBuilder();
        if (connection == null) {
          url.setQueryParameter("api-version", "7.2-preview.1");
        } else {
          url.setQueryParameter("api-version", "7.1")
              .setQueryParameter("serviceConnectionId", secrets.value(connection));
        }
        yield requested(
            "request the id token of Azure DevOps",
            new Request.Builder().url(url.build()).post(RequestBody.EMPTY),
            DEVOPS_TOKEN,
            "oidcToken",
            DEVOPS_REMEDY);
      }
    };
  }

  /** Fails if it can't be had, as far as that is seen without calling anybody. */
  void look(IdTokenSettings settings) {
    switch (settings) {
      case IdTokenSettings.Kept(var reference) -> secrets.read(reference);
      case IdTokenSettings.Github _ -> address(GITHUB_URL, GITHUB_REMEDY);
      case IdTokenSettings.AzureDevops _ -> address(DEVOPS_URL, DEVOPS_REMEDY);
    }
  }

  private Secret requested(
      String tried, Request.Builder builder, String variable, String field, String remedy) {
    Attempt attempt = new Attempt(tried, "this worker");
    String login = secrets.read(new SecretReference.EnvironmentVariable(variable)).reveal();
    Request request =
        builder
            .header("Authorization", "Bearer " + login)
            .header("Accept", "application/json")
            .build();
    ErrorTable errors =
        ErrorTable.builder()
            .status(401, FailureKind.USER, remedy)
            .status(403, FailureKind.USER, remedy)
            .build();
    HttpAnswer answer = http.ask(attempt, errors, request);
    if (!answer.isSuccess()) {
      throw errors.failure(attempt, request, answer);
    }
    String token = answer.json().path(field).asText("");
    if (token.isBlank()) {
      throw lack(tried, "the response has no \"" + field + "\"", remedy);
    }
    return Secret.of(token);
  }

  private HttpUrl address(String variable, String remedy) {
    String value = secrets.variable(variable);
    HttpUrl url = value == null ? null : HttpUrl.parse(value);
    if (url == null) {
      throw lack(
          "request an id token",
          "the environment variable "
              + variable
              + (value == null ? " is not set" : " is not an address")
              + " where the worker runs",
          remedy);
    }
    return url;
  }

  private static ApplicationFailure lack(String tried, String cameBack, String remedy) {
    return Failures.of(Problem.of(FailureKind.USER, tried, "this worker", cameBack, remedy));
  }
}
