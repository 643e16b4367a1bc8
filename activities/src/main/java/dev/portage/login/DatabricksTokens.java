package dev.portage.login;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Attempt;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import dev.portage.http.OutboundHttp;
import dev.portage.secrets.Secret;
import dev.portage.secrets.Secrets;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Objects;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Tokens that a Databricks workspace issues at its own host: to a service principal with an OAuth
 * secret, or in exchange for the token of another issuer.
 *
 * @see <a href="https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m">OAuth for service
 *     principals</a>
 * @see <a href="https://docs.databricks.com/aws/en/dev-tools/auth/oauth-federation-exchange">Token
 *     exchange</a>
 */
final class DatabricksTokens implements TokenSource {
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  /** When an answer doesn't say how long its token lasts. */
  private static final Duration UNSAID = Duration.ofMinutes(10);

  private final LoginSettings.OfDatabricks settings;
  private final URI host;
  private final Secrets secrets;
  private final IdTokens idTokens;
  private final OutboundHttp http;
  private final InstantSource clock;

  DatabricksTokens(
      LoginSettings.OfDatabricks settings,
      URI host,
      Secrets secrets,
      IdTokens idTokens,
      OutboundHttp http,
      InstantSource clock) {
    this.settings = settings;
    this.host = host;
    this.secrets = secrets;
    this.idTokens = idTokens;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public AccessToken issue() {
    HttpUrl endpoint =
        Objects.requireNonNull(HttpUrl.parse(host + "/oidc/v1/token"), "the host was checked");
    Request.Builder request = new Request.Builder().url(endpoint).header("User-Agent", "portage");
    FormBody.Builder form = new FormBody.Builder().add("scope", "all-apis");
    switch (settings) {
      case LoginSettings.DatabricksOauth(var clientId, var clientSecret) -> {
        // Each as a form would have it, says OAuth: a colon or a percent sign may be part of them.
        String pair =
            encoded(secrets.value(clientId)) + ":" + encoded(secrets.read(clientSecret).reveal());
        request.header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        form.add("grant_type", "client_credentials");
      }
      case LoginSettings.DatabricksFederation(var clientId, var idToken) -> {
        Secret subject = idTokens.read(idToken, endpoint.toString());
        form.add("grant_type", EXCHANGE)
            .add("subject_token_type", JWT)
            .add("subject_token", subject.reveal());
        if (clientId != null) {
          form.add("client_id", secrets.value(clientId));
        }
      }
    }
    return issued(request.post(form.build()).build());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private AccessToken issued(Request request) {
    Attempt attempt = new Attempt("log in with " + settings.text(), host.toString());
    HttpAnswer answer = http.ask(attempt, errors(), request);
    if (!answer.isSuccess()) {
      throw errors().failure(attempt, request, answer);
    }
    JsonNode json = answer.json();
    String token = json.path("access_token").asText("");
    if (token.isBlank()) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              attempt.tried(),
              attempt.where(),
              "the response has no token",
              "Is " + host + " a Databricks workspace? Others have no /oidc/v1/token."));
    }
    long seconds = json.path("expires_in").asLong(UNSAID.toSeconds());
    return new AccessToken(token, clock.instant().plusSeconds(seconds));
  }

  private ErrorTable errors() {
    String remedy =
        switch (settings) {
          case LoginSettings.DatabricksOauth(_, var secret) ->
              "The client id or its secret is wrong or expired: make a secret (workspace settings,"
                  + " Identity and access, Service principals, Secrets, or databricks"
                  + " service-principal-secrets-proxy create <id>) and put it at "
                  + secret.text()
                  + ".";
          case LoginSettings.DatabricksFederation(_, var idToken) ->
              "Databricks doesn't accept the token from "
                  + idToken.text()
                  + ": compare its issuer, audience and subject with the federation policy of the"
                  + " service principal (databricks account service-principal-federation-policy list"
                  + " <id>).";
        };
    return ErrorTable.builder()
        .status(400, FailureKind.USER, remedy)
        .status(401, FailureKind.USER, remedy)
        .status(403, FailureKind.USER, remedy)
        .status(
            404, FailureKind.USER, "Is " + host + " a Databricks workspace? Check host and kind.")
        .build();
  }

  @Override
  public String lastingSecret() {
    return switch (settings) {
      case LoginSettings.DatabricksOauth(_, var secret) -> secrets.read(secret).reveal();
      case LoginSettings.DatabricksFederation _ -> ProcessKey.value();
    };
  }

  @Override
  public void read() {
    switch (settings) {
      case LoginSettings.DatabricksOauth(var clientId, var secret) -> {
        secrets.value(clientId);
        secrets.read(secret);
      }
      case LoginSettings.DatabricksFederation(var clientId, var idToken) -> {
        if (clientId != null) {
          secrets.value(clientId);
        }
        idTokens.look(idToken);
      }
    }
  }

  @Override
  public String remedy() {
    return "The workspace refuses the token that it issued for "
        + settings.text()
        + ": see whether the service principal is active and still in this workspace.";
  }
}
