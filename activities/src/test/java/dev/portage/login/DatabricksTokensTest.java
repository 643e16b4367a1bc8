package dev.portage.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.http.Credential;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.SecretReference;
import dev.portage.secrets.Secrets;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A token endpoint as strict as the real one, and the pipelines that issue tokens of their own. */
class DatabricksTokensTest {
  private static final String SECRET = "dose0123456789abcdef0123456789abcdef";
  private static final String ID_TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwb3J0YWdlIn0.signed";
  private static final LoginSettings OAUTH =
      new LoginSettings.DatabricksOauth("env:CLIENT", reference("env:SECRET"));

  @StartStop private final MockWebServer server = new MockWebServer();
  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeClock clock = new FakeClock();
  private final Map<String, String> environment =
      new HashMap<>(Map.of("CLIENT", "app-1", "SECRET", SECRET, "ID_TOKEN", ID_TOKEN));
  private final Credentials credentials =
      new Credentials(
          new Secrets(Path.of(""), environment::get, KeyVault.absent()), http, http.rest(), clock);
  private int issued;
  private String audience = "";

  @BeforeEach
  void answer() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return switch (request.getMethod() + " " + request.getUrl().encodedPath()) {
              case "POST /oidc/v1/token" -> token(request);
              case "GET /github" -> {
                audience = String.valueOf(request.getUrl().queryParameter("audience"));
                yield "Bearer request-token".equals(request.getHeaders().get("Authorization"))
                    ? json(200, "{\"value\": \"" + ID_TOKEN + "\"}")
                    : json(401, "{\"message\": \"Bad credentials\"}");
              }
              case "POST /devops" ->
                  "Bearer system-token".equals(request.getHeaders().get("Authorization"))
                          && "7.1".equals(request.getUrl().queryParameter("api-version"))
                          && "conn-1".equals(request.getUrl().queryParameter("serviceConnectionId"))
                      ? json(200, "{\"oidcToken\": \"" + ID_TOKEN + "\"}")
                      : json(401, "{}");
              default -> json(404, "{}");
            };
          }
        });
  }

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void aServicePrincipalGetsATokenForItsSecretAndANewOneBeforeItEnds() {
    Credential credential = credentials.of(OAUTH, host());

    assertThat(credential.authorization()).isEqualTo("Bearer databricks-1");
    assertThat(credentials.of(OAUTH, host())).as("one for all").isSameAs(credential);
    clock.pass(Duration.ofMinutes(58));
    assertThat(credential.authorization()).isEqualTo("Bearer databricks-2");
    assertThat(credential.lastingSecret()).isEqualTo(SECRET);
  }

  @Test
  @Tag("S1.18")
  void aRotatedSecretCountsWithTheNextToken() {
    environment.put("SECRET", "old");
    Credential credential = credentials.of(OAUTH, host());
    assertThat(failure(credential).isNonRetryable()).isTrue();
    environment.put("SECRET", SECRET);
    assertThat(credential.authorization()).isEqualTo("Bearer databricks-1");
  }

  @Test
  @Tag("S1.19")
  @Tag("S0.16")
  void aRefusedSecretIsNamedByItsReferenceAndNeverShown() {
    environment.put("SECRET", "dose-wrong-and-very-secret");
    ApplicationFailure failure = failure(credentials.of(OAUTH, host()));

    assertThat(failure.getType()).isEqualTo(FailureKind.USER.type());
    assertThat(failure.getOriginalMessage())
        .contains("log in with client-id env:CLIENT with env:SECRET failed in")
        .contains("401: invalid_client: Client authentication failed")
        .contains("put it at env:SECRET")
        .doesNotContain("very-secret")
        .doesNotContain(
            Base64.getEncoder()
                .encodeToString(
                    "app-1:dose-wrong-and-very-secret".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void anIssuerThatIsBusyIsAskedAgainLater() {
    environment.put("SECRET", "busy");
    ApplicationFailure failure = failure(credentials.of(OAUTH, host()));
    assertThat(failure.isNonRetryable()).isFalse();
    assertThat(failure.getNextRetryDelay()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void anAddressWithoutATokenEndpointIsNoWorkspace() {
    LoginSettings login = new LoginSettings.DatabricksOauth("x", reference("env:SECRET"));
    ApplicationFailure failure = failure(credentials.of(login, server.url("/other").uri()));
    assertThat(failure).hasMessageContaining("a Databricks workspace? Check host and kind");
  }

  @ParameterizedTest
  @CsvSource({"keep", "github", "azure-devops"})
  void anotherIssuersTokenIsExchanged(String from) {
    environment.putAll(
        Map.of(
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            server.url("/github?x=1").toString(),
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "request-token",
            "SYSTEM_OIDCREQUESTURI",
            server.url("/devops").toString(),
            "SYSTEM_ACCESSTOKEN",
            "system-token"));
    IdTokenSettings idToken =
        switch (from) {
          case "github" -> new IdTokenSettings.Github(null);
          case "azure-devops" -> new IdTokenSettings.AzureDevops("conn-1");
          default -> new IdTokenSettings.Kept(reference("env:ID_TOKEN"));
        };
    Credential credential =
        credentials.of(new LoginSettings.DatabricksFederation("app-2", idToken), host());

    assertThat(credential.authorization()).isEqualTo("Bearer databricks-1");
    if (from.equals("github")) {
      assertThat(audience).isEqualTo(server.url("/oidc/v1/token").toString());
    }
  }

  @Test
  void aPipelineThatGivesNoTokenIsToldWhatToWrite() {
    Credential credential =
        credentials.of(
            new LoginSettings.DatabricksFederation(null, new IdTokenSettings.Github(null)), host());
    assertThat(failure(credential))
        .hasMessageContaining("ACTIONS_ID_TOKEN_REQUEST_URL is not set")
        .hasMessageContaining("id-token: write");
  }

  @Test
  void aTokenThatTheFederationPolicyRefusesSaysWhatToCompare() {
    environment.put("ID_TOKEN", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvdGhlciJ9.signed");
    Credential credential =
        credentials.of(
            new LoginSettings.DatabricksFederation(
                "app-2", new IdTokenSettings.Kept(reference("env:ID_TOKEN"))),
            host());
    assertThat(failure(credential).getOriginalMessage())
        .contains("issuer, audience and subject")
        .doesNotContain("eyJ");
  }

  private MockResponse token(RecordedRequest request) {
    Map<String, String> form = form(Objects.requireNonNull(request.getBody()).utf8());
    if (!"all-apis".equals(form.get("scope"))) {
      return json(400, "{\"error\": \"invalid_scope\"}");
    }
    String login = request.getHeaders().get("Authorization");
    if ("client_credentials".equals(form.get("grant_type"))) {
      if (basic("app-1:busy").equals(login)) {
        return json(503, "{}").newBuilder().setHeader("Retry-After", "7").build();
      }
      return basic("app-1:" + SECRET).equals(login)
          ? issued()
          : json(
              401,
              "{\"error\": \"invalid_client\", \"error_description\": \"Client authentication"
                  + " failed, "
                  + String.valueOf(login).substring(6)
                  + "\"}");
    }
    return "urn:ietf:params:oauth:grant-type:token-exchange".equals(form.get("grant_type"))
            && "urn:ietf:params:oauth:token-type:jwt".equals(form.get("subject_token_type"))
            && "app-2".equals(form.get("client_id"))
            && login == null
            && ID_TOKEN.equals(form.get("subject_token"))
        ? issued()
        : json(
            400,
            "{\"error\": \"invalid_request\", \"error_description\": \"token "
                + form.get("subject_token")
                + " does not match\"}");
  }

  private MockResponse issued() {
    issued++;
    return json(
        200,
        "{\"access_token\": \"databricks-"
            + issued
            + "\", \"expires_in\": \"3600\", \"token_type\": \"Bearer\"}");
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String field : body.split("&", -1)) {
      String[] pair = field.split("=", 2);
      form.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static MockResponse json(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  private URI host() {
    String address = server.url("/").toString();
    return URI.create(address.substring(0, address.length() - 1));
  }

  private static ApplicationFailure failure(Credential credential) {
    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, credential::authorization);
    assertThat(failure.getDetails().get(Problem.class)).isNotNull();
    return failure;
  }

  private static SecretReference reference(String text) {
    return SecretReference.parse(text).orElseThrow();
  }
}
