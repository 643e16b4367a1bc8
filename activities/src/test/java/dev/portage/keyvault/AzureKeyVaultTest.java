package dev.portage.keyvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.BearerToken;
import dev.portage.http.Credential;
import dev.portage.http.ErrorTable;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.login.Credentials;
import dev.portage.login.FakeClock;
import dev.portage.login.LoginSettings;
import dev.portage.secrets.SecretReference;
import dev.portage.secrets.Secrets;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A vault that is as strict as the real one, and a workspace whose token it keeps. */
class AzureKeyVaultTest {

  @StartStop private final MockWebServer server = new MockWebServer();
  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeClock clock = new FakeClock();
  private final Map<String, String> stored = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final AtomicReference<String> accepted = new AtomicReference<>("");
  private volatile boolean down;
  private volatile boolean unresolved;

  @BeforeEach
  void answer() {
    stored.put("/vault/secrets/databricks", "token-1");
    stored.put("/vault/secrets/databricks/v1", "token-0");
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String path = request.getUrl().encodedPath();
            String login = String.valueOf(request.getHeaders().get("Authorization"));
            if (path.equals("/workspace")) {
              return json(login.equals("Bearer " + accepted.get()) ? 200 : 401, "{}");
            }
            calls.add(path);
            if (down) {
              return json(503, "{}");
            }
            if (!login.equals("Bearer vault-login")
                || request.getUrl().queryParameter("api-version") == null) {
              return json(
                  401,
                  "{\"error\": {\"code\": \"Unauthorized\", \"message\": \"AKV10032: Invalid issuer"
                      + " for "
                      + login
                      + "\"}}");
            }
            if (path.contains("forbidden")) {
              return json(
                  403,
                  "{\"error\": {\"code\": \"Forbidden\", \"message\": \"Caller is not authorized\","
                      + " \"innererror\": {\"code\": \"ForbiddenByRbac\"}}}");
            }
            String value = stored.get(path);
            return value == null
                ? json(
                    404, "{\"error\": {\"code\": \"SecretNotFound\", \"message\": \"not found\"}}")
                : json(200, "{\"value\": \"" + value + "\", \"id\": \"x\"}");
          }
        });
  }

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void theNewestVersionIsReadOrTheOneNamed() {
    Secrets secrets = secrets("vault-login");
    assertThat(read(secrets, "keyvault:vault/databricks")).isEqualTo("token-1");
    assertThat(read(secrets, "keyvault:vault/databricks/v1")).isEqualTo("token-0");
  }

  @Test
  @Tag("S1.18")
  void aValueIsKeptForAMinuteAndARotatedOneCountsAfterIt() {
    Secrets secrets = secrets("vault-login");
    assertThat(read(secrets, "keyvault:vault/databricks")).isEqualTo("token-1");
    stored.put("/vault/secrets/databricks", "token-2");
    assertThat(read(secrets, "keyvault:vault/databricks")).isEqualTo("token-1");
    assertThat(calls).hasSize(1);
    clock.pass(Duration.ofSeconds(61));
    assertThat(read(secrets, "keyvault:vault/databricks")).isEqualTo("token-2");
  }

  @Test
  void aVaultThatDoesNotRespondHoldsNobodyUpForAnHour() {
    Secrets secrets = secrets("vault-login");
    read(secrets, "keyvault:vault/databricks");
    stored.put("/vault/secrets/databricks", "token-2");
    down = true;
    clock.pass(Duration.ofMinutes(50));
    assertThat(read(secrets, "keyvault:vault/databricks")).isEqualTo("token-1");
    assertThat(read(secrets, "keyvault:vault/databricks")).isEqualTo("token-1");
    assertThat(calls).as("not asked at each request").hasSize(2);

    clock.pass(Duration.ofMinutes(11));
    assertThat(failure(secrets, "keyvault:vault/databricks").isNonRetryable()).isFalse();
    down = false;
    assertThat(read(secrets, "keyvault:vault/databricks")).isEqualTo("token-2");
  }

  @Test
  @Tag("S1.18")
  @Tag("S1.20")
  void aTokenRotatedDuringAStepIsReadAnewAsSoonAsTheWorkspaceRefusesTheOldOne() {
    Credential credential =
        new Credentials(secrets("vault-login"), http)
            .of(
                new LoginSettings.Token(
                    SecretReference.parse("keyvault:vault/databricks").orElseThrow()),
                URI.create("https://adb-1.azuredatabricks.net"));
    accepted.set("token-1");
    assertThat(ask(credential)).isEqualTo(200);

    stored.put("/vault/secrets/databricks", "token-2");
    accepted.set("token-2");
    assertThat(ask(credential)).isEqualTo(200);

    accepted.set("token-3");
    assertThat(ask(credential)).as("there is no other in the vault").isEqualTo(401);
  }

  @Test
  @Tag("S1.19")
  @Tag("S2.03")
  void aMissingSecretAndAMissingRightSayWhatToDo() {
    assertThat(failure(secrets("vault-login"), "keyvault:vault/none").getOriginalMessage())
        .contains("read the secret keyvault:vault/none failed in key vault vault: 404")
        .contains("az keyvault secret set --vault-name vault --name none");
    assertThat(failure(secrets("vault-login"), "keyvault:vault/forbidden").getOriginalMessage())
        .contains("Key Vault Secrets User")
        .contains("az keyvault show --name vault");
  }

  @Test
  @Tag("S0.16")
  void aLoginThatTheVaultRefusesIsNotShown() {
    ApplicationFailure failure = failure(secrets("another-login"), "keyvault:vault/databricks");
    assertThat(failure.getType()).isEqualTo(FailureKind.USER.type());
    assertThat(failure.getOriginalMessage()).contains("AKV10032").doesNotContain("another-login");
  }

  @Test
  void aValueOfSeveralLinesIsNoToken() {
    stored.put("/vault/secrets/lines", "one\\ntwo");
    assertThat(failure(secrets("vault-login"), "keyvault:vault/lines"))
        .hasMessageContaining("contains a space, a line break");
    stored.put("/vault/secrets/empty", " ");
    assertThat(failure(secrets("vault-login"), "keyvault:vault/empty"))
        .hasMessageContaining("its value is empty");
  }

  @Test
  @Tag("S1.19")
  void aVaultThatThereIsNotIsTheUsersToCorrectAndOneThatHasAnsweredIsNot() {
    unresolved = true;
    ApplicationFailure wrong = failure(secrets("vault-login"), "keyvault:typo/databricks");
    assertThat(wrong.getType()).isEqualTo(FailureKind.USER.type());
    assertThat(wrong.getOriginalMessage())
        .contains("read the secret keyvault:typo/databricks failed in key vault typo")
        .contains("can't be resolved")
        .contains("There is no vault typo", "private DNS zone");

    unresolved = false;
    Secrets secrets = secrets("vault-login");
    read(secrets, "keyvault:vault/databricks");
    unresolved = true;
    clock.pass(Duration.ofHours(2));
    assertThat(failure(secrets, "keyvault:vault/databricks").getType())
        .isEqualTo(FailureKind.PLATFORM.type());
  }

  private int ask(Credential credential) {
    return http.ask(
            new Attempt("ask", "workspace dev"),
            ErrorTable.builder().build(),
            credential.sign(new Request.Builder().url(server.url("/workspace"))).build())
        .status();
  }

  /** Entra has tests of its own: here the vault's login is a token. */
  private Secrets secrets(String login) {
    AzureKeyVault vault =
        new AzureKeyVault(
            () -> VaultSettings.STANDARD,
            (_, scope) -> {
              assertThat(scope).isEqualTo("https://vault.azure.net/.default");
              return new BearerToken("a test", () -> login);
            },
            http,
            clock,
            (name, suffix) ->
                Objects.requireNonNull(
                    HttpUrl.parse(
                        unresolved
                            ? "http://" + name + ".invalid"
                            : server
                                .url("/" + (suffix.equals("vault.azure.net") ? name : "?"))
                                .toString())));
    return new Secrets(Path.of(""), _ -> null, vault);
  }

  private static String read(Secrets secrets, String reference) {
    return secrets.read(SecretReference.parse(reference).orElseThrow()).reveal();
  }

  private static ApplicationFailure failure(Secrets secrets, String reference) {
    return catchThrowableOfType(ApplicationFailure.class, () -> read(secrets, reference));
  }

  private static MockResponse json(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }
}
