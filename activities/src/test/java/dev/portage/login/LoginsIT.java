package dev.portage.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.Credential;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.SecretReference;
import dev.portage.secrets.Secrets;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Logins at real OpenID providers that others wrote (build/oidc): the requests for tokens are read
 * and answered by them, and a workspace takes only tokens that they issued.
 */
@Tag("S2.07")
class LoginsIT {

  private static final Path PROGRAM =
      Path.of(Objects.requireNonNull(System.getProperty("portage.root")), ".portage/oidc/oidc");

  /** A secret may have letters that mean something in a form and in a URL. */
  private static final String SECRET = "dose+01%2Fab:c/d=&e";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String AUDIENCE = "https://databricks.example.com";

  @TempDir private static Path folder;
  private static @Nullable Process program;
  private static URI issuer = URI.create("http://unset");
  private static URI workspace = issuer;

  private final FakeClock clock = new FakeClock();
  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final Map<String, String> environment = new HashMap<>(Map.of("SECRET", SECRET));
  private final Credentials credentials =
      new Credentials(
          new Secrets(folder, environment::get, KeyVault.absent()), http, http.rest(), clock);

  private static final LoginSettings OAUTH =
      new LoginSettings.DatabricksOauth("sid1", reference("env:SECRET"));

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Files.isExecutable(PROGRAM), "OpenID providers, see build/oidc");
    rules(Map.of());
    Process started =
        new ProcessBuilder(PROGRAM.toString(), folder.resolve("rules.json").toString())
            .redirectError(folder.resolve("log").toFile())
            .start();
    program = started;
    JsonNode read = MAPPER.readTree(started.inputReader().readLine());
    issuer = URI.create(read.path("issuer").asText());
    workspace = URI.create(read.path("workspace").asText());
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (program != null) {
      program.destroy();
      assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @BeforeEach
  void usual() throws IOException {
    rules(Map.of());
  }

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  @Tag("S4.08")
  void aServicePrincipalLogsInWithItsSecretWhateverLettersItHas() {
    HttpAnswer me = ask(credentials.of(OAUTH, workspace));

    assertThat(me.status()).isEqualTo(200);
    assertThat(me.json().path("userName").asText()).isEqualTo("sid1");
  }

  @Test
  @Tag("S1.19")
  void aWrongSecretIsRefusedAndIsNotShown() {
    environment.put("SECRET", "dose-of-yesterday");

    ApplicationFailure refused = failure(credentials.of(OAUTH, workspace));

    assertThat(refused.getType()).isEqualTo(FailureKind.USER.type());
    assertThat(refused.getOriginalMessage())
        .contains("invalid_client", "env:SECRET")
        .doesNotContain("yesterday");
  }

  @Test
  @Tag("S1.18")
  @Tag("S1.20")
  void aTokenThatIsRevokedWithinAStepIsReplacedAndTheRequestRepeated() throws IOException {
    Credential credential = credentials.of(OAUTH, workspace);
    assertThat(ask(credential).status()).isEqualTo(200);

    rules(Map.of("generation", 2));
    clock.pass(Duration.ofSeconds(11));

    assertThat(ask(credential).status()).isEqualTo(200);
  }

  @Test
  @Tag("S1.20")
  void aTokenThatLivesForSecondsIsReplacedBeforeItEnds() throws IOException {
    rules(Map.of("seconds", 10));
    Credential credential = credentials.of(OAUTH, workspace);
    String first = credential.authorization();
    clock.pass(Duration.ofSeconds(7));
    assertThat(credential.authorization()).isEqualTo(first);

    clock.pass(Duration.ofSeconds(2));

    assertThat(credential.authorization()).isNotEqualTo(first);
    assertThat(ask(credential).status()).isEqualTo(200);
  }

  @Test
  @Tag("S1.18")
  void aSecretThatIsReplacedAtTheProviderAppliesAsSoonAsItIsStored() throws IOException {
    Credential credential = credentials.of(OAUTH, workspace);
    assertThat(ask(credential).status()).isEqualTo(200);
    rules(Map.of("secret", "dose-of-tomorrow", "generation", 2));
    clock.pass(Duration.ofMinutes(58));
    assertThat(failure(credential).getType()).isEqualTo(FailureKind.USER.type());

    environment.put("SECRET", "dose-of-tomorrow");

    assertThat(ask(credential).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"429", "503"})
  void aProviderThatIsBusyIsAskedAgainWhenItSaysSo(int status) throws IOException {
    rules(Map.of("busy", status));

    ApplicationFailure busy = failure(credentials.of(OAUTH, workspace));

    assertThat(busy.getType()).isEqualTo(FailureKind.PLATFORM.type());
    assertThat(busy.getNextRetryDelay()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void aWorkloadExchangesTheTokenOfItsIssuerAndNeedsNoSecret() throws IOException {
    Files.writeString(folder.resolve("id-token"), workloadToken());

    HttpAnswer me = ask(credentials.of(federation(), workspace));

    assertThat(me.status()).isEqualTo(200);
    assertThat(me.json().path("userName").asText()).isEqualTo("sid1");
  }

  @Test
  @Tag("S1.18")
  void aWorkloadsTokenIsReadAnewForEachExchange() throws IOException {
    Files.writeString(folder.resolve("id-token"), workloadToken());
    Credential credential = credentials.of(federation(), workspace);
    assertThat(ask(credential).status()).isEqualTo(200);
    rules(Map.of("generation", 2));
    Files.writeString(folder.resolve("id-token"), "gone.with.the-job");
    clock.pass(Duration.ofSeconds(11));
    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> ask(credential)))
        .hasMessageContaining("invalid_request");

    Files.writeString(folder.resolve("id-token"), workloadToken());
    clock.pass(Duration.ofMinutes(58));

    assertThat(ask(credential).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"audience", "signature", "issuer", "age"})
  @Tag("S1.19")
  void aWorkloadsTokenThatIsNotWhatTheWorkspaceTrustsIsRefused(String wrong) throws IOException {
    String token =
        switch (wrong) {
          case "audience" -> {
            rules(Map.of("audience", "somebody else"));
            yield workloadToken();
          }
          case "signature" -> forged(workloadToken());
          case "issuer" -> credentials.of(OAUTH, workspace).authorization().substring(7);
          default -> {
            rules(Map.of("seconds", -60));
            yield workloadToken();
          }
        };
    rules(Map.of());
    Files.writeString(folder.resolve("id-token"), token);

    ApplicationFailure refused = failure(credentials.of(federation(), workspace));

    assertThat(refused.getType()).isEqualTo(FailureKind.USER.type());
    assertThat(refused.getOriginalMessage())
        .contains("subject_token is invalid")
        .contains("file:id-token: compare its issuer, audience and subject")
        .doesNotContain(token.substring(token.length() - 20));
  }

  private HttpAnswer ask(Credential credential) {
    return http.ask(
        new Attempt("ask who this is", "workspace dev"),
        ErrorTable.builder().build(),
        credential
            .sign(new Request.Builder().url(workspace + "/api/2.0/preview/scim/v2/Me"))
            .build());
  }

  /** The issuer is a provider as well, and its workload's own secret is the client's. */
  private String workloadToken() {
    return new Credentials(
            new Secrets(folder, environment::get, KeyVault.absent()), http, http.rest(), clock)
        .of(OAUTH, issuer)
        .authorization()
        .substring("Bearer ".length());
  }

  private static LoginSettings federation() {
    return new LoginSettings.DatabricksFederation(
        null, new IdTokenSettings.Kept(reference("file:id-token")));
  }

  private static String forged(String token) {
    String[] parts = token.split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String other =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                claims.replace("\"sid1\"", "\"root\"").getBytes(StandardCharsets.UTF_8));
    return parts[0] + "." + other + "." + parts[2];
  }

  private static void rules(Map<String, Object> changed) throws IOException {
    Map<String, Object> rules =
        new HashMap<>(
            Map.of(
                "secret",
                SECRET,
                "seconds",
                3_600,
                "generation",
                1,
                "audience",
                AUDIENCE,
                "busy",
                0));
    rules.putAll(changed);
    Path fresh = folder.resolve("rules.new");
    Files.write(fresh, MAPPER.writeValueAsBytes(rules));
    Files.move(fresh, folder.resolve("rules.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static ApplicationFailure failure(Credential credential) {
    return catchThrowableOfType(ApplicationFailure.class, credential::authorization);
  }

  private static SecretReference reference(String text) {
    return SecretReference.parse(text).orElseThrow();
  }
}
