package dev.portage.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.failure.FailureKind;
import dev.portage.http.Credential;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.SecretReference;
import dev.portage.secrets.Secrets;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Azure's own library against a strict stand-in for Entra and for the metadata service. */
class EntraTokensTest {
  private static final URI HOST = URI.create("https://adb-1.azuredatabricks.net");
  private static final String DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
  private static final String TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwb2QifQ.signed";

  @TempDir Path folder;
  private final FakeEntra entra = FakeEntra.start();
  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final Map<String, String> environment = new HashMap<>();

  @AfterEach
  void close() {
    http.close();
    entra.close();
  }

  @Test
  void aServicePrincipalWithASecretGetsATokenForDatabricks() {
    environment.put("SECRET", FakeEntra.SECRET);
    environment.put("ARM_TENANT_ID", FakeEntra.TENANT);
    Credential credential =
        credential(
            new LoginSettings.EntraSecret(
                "env:ARM_TENANT_ID", FakeEntra.CLIENT, reference("env:SECRET")));

    assertThat(credential.authorization()).isEqualTo("Bearer entra-1");
    assertThat(credential.authorization()).isEqualTo("Bearer entra-1");
    assertThat(entra.calls()).singleElement().asString().startsWith(DATABRICKS + "/.default");
  }

  @Test
  @Tag("S1.18")
  @Tag("S1.19")
  @Tag("S0.16")
  void aWrongSecretIsNamedAndNeverShownAndARenewedOneCountsAtOnce() {
    environment.put("SECRET", "wrongQ~very-secret-value-of-an-application");
    Credential credential =
        credential(
            new LoginSettings.EntraSecret(
                FakeEntra.TENANT, FakeEntra.CLIENT, reference("env:SECRET")));

    ApplicationFailure failure = failure(credential);

    assertThat(failure.getType()).isEqualTo(FailureKind.USER.type());
    assertThat(failure.getOriginalMessage())
        .contains("AADSTS7000215")
        .contains("put the password at env:SECRET")
        .doesNotContain("very-secret");
    environment.put("SECRET", FakeEntra.SECRET);
    assertThat(credential.authorization()).isEqualTo("Bearer entra-1");
  }

  @Test
  void anEntraThatIsDownIsAskedAgainLater() {
    environment.put("SECRET", FakeEntra.SECRET);
    entra.status(503);
    Credential credential =
        credential(
            new LoginSettings.EntraSecret(
                FakeEntra.TENANT, FakeEntra.CLIENT, reference("env:SECRET")));

    assertThat(failure(credential).isNonRetryable()).isFalse();
    assertThat(entra.calls()).as("nothing but Temporal retries").hasSize(1);
  }

  @Test
  void aProxyThatShowsACertificateOfItsOwnIsToldWithTheSettingForIt() {
    environment.put("SECRET", FakeEntra.SECRET);
    SSLHandshakeException untrusted = new SSLHandshakeException("PKIX path building failed");
    untrusted.initCause(new CertificateException("no trusted certificate found"));
    OkHttpClient client =
        http.rest()
            .newBuilder()
            .addInterceptor(chain -> {
              throw untrusted;
            })
            .build();
    ApplicationFailure failure =
        failure(
            credential(
                client,
                new LoginSettings.EntraSecret(
                    FakeEntra.TENANT, FakeEntra.CLIENT, reference("env:SECRET"))));

    assertThat(failure.getType()).isEqualTo(FailureKind.USER.type());
    assertThat(failure.getOriginalMessage()).contains("is not trusted", "PORTAGE_CA_FILE");
  }

  @Test
  void aWorkerThatStopsDuringALoginLeavesItToAnother() {
    environment.put("SECRET", FakeEntra.SECRET);
    Credential credential =
        credential(
            new LoginSettings.EntraSecret(
                FakeEntra.TENANT, FakeEntra.CLIENT, reference("env:SECRET")));
    Thread.currentThread().interrupt();
    try {
      assertThat(failure(credential).isNonRetryable()).isFalse();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void aCertificateSignsItsLoginAsPfxAndAsPem() throws Exception {
    Path pfx = madeCertificate();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(pfx)) {
      store.load(in, "changeit".toCharArray());
    }
    entra.certificate((X509Certificate) Objects.requireNonNull(store.getCertificate("login")));
    Files.writeString(folder.resolve("login.pem"), pem(store));
    environment.put("PASSWORD", "changeit");
    environment.put("PFX", Base64.getEncoder().encodeToString(Files.readAllBytes(pfx)));

    for (LoginSettings login :
        List.of(
            certificate("file:login.pfx", "env:PASSWORD"),
            certificate("env:PFX", "env:PASSWORD"),
            certificate("file:login.pem", null))) {
      assertThat(credential(login).authorization()).startsWith("Bearer entra-");
    }
  }

  @Test
  void aFileThatIsNoCertificateIsToldByItsReference() throws IOException {
    Files.writeString(folder.resolve("login.pfx"), "not a certificate, but a secret");
    ApplicationFailure failure = failure(credential(certificate("file:login.pfx", null)));
    assertThat(failure.getOriginalMessage())
        .contains("read the certificate file:login.pfx")
        .contains("PFX with certificate-password")
        .doesNotContain("but a secret");
  }

  @Test
  void anotherIssuersTokenIsTakenForTheSecret() {
    environment.put("ID_TOKEN", TOKEN);
    entra.trusts(TOKEN);
    Credential credential =
        credential(
            new LoginSettings.EntraFederation(
                FakeEntra.TENANT,
                FakeEntra.CLIENT,
                new IdTokenSettings.Kept(reference("env:ID_TOKEN"))));
    assertThat(credential.authorization()).isEqualTo("Bearer entra-1");
  }

  @Test
  void aMachineOfAzureLogsInByItsOwnIdentityOrByTheOneNamed() {
    assertThat(credential(new LoginSettings.ManagedIdentity(null)).authorization())
        .startsWith("Bearer entra-");
    assertThat(entra.calls()).last().asString().startsWith(DATABRICKS);
    assertThat(credential(new LoginSettings.ManagedIdentity(FakeEntra.CLIENT)).authorization())
        .startsWith("Bearer entra-");
    assertThat(failure(credential(new LoginSettings.ManagedIdentity("other"))))
        .hasMessageContaining("the managed identity other")
        .hasMessageContaining("Assign an identity");
  }

  @Test
  void aPodWithWorkloadIdentityLogsInByItsProjectedToken() throws IOException {
    Path token = Files.writeString(folder.resolve("pod-token"), TOKEN);
    environment.putAll(
        Map.of(
            "AZURE_FEDERATED_TOKEN_FILE", token.toString(),
            "AZURE_TENANT_ID", FakeEntra.TENANT,
            "AZURE_CLIENT_ID", FakeEntra.CLIENT));
    entra.trusts(TOKEN);
    assertThat(credential(new LoginSettings.ManagedIdentity(null)).authorization())
        .isEqualTo("Bearer entra-1");
  }

  private LoginSettings certificate(String reference, @Nullable String password) {
    return new LoginSettings.EntraCertificate(
        FakeEntra.TENANT,
        FakeEntra.CLIENT,
        reference(reference),
        password == null ? null : reference(password));
  }

  /** The JDK makes none by its own interfaces, but has a tool for it. */
  private Path madeCertificate() throws IOException, InterruptedException {
    Path pfx = folder.resolve("login.pfx");
    Process keytool =
        new ProcessBuilder(
                Path.of(Objects.requireNonNull(System.getProperty("java.home")), "bin", "keytool")
                    .toString(),
                "-genkeypair",
                "-alias",
                "login",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=portage",
                "-storetype",
                "PKCS12",
                "-keystore",
                pfx.toString(),
                "-storepass",
                "changeit")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return pfx;
  }

  private static String pem(KeyStore store) throws GeneralSecurityException {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN PRIVATE KEY-----\n"
        + encoder.encodeToString(
            Objects.requireNonNull(store.getKey("login", "changeit".toCharArray())).getEncoded())
        + "\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n"
        + encoder.encodeToString(Objects.requireNonNull(store.getCertificate("login")).getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private Credential credential(LoginSettings login) {
    return credential(entra.client(http.rest()), login);
  }

  private Credential credential(OkHttpClient client, LoginSettings login) {
    return new Credentials(
            new Secrets(folder, environment::get, KeyVault.absent()),
            http,
            client,
            InstantSource.system())
        .of(login, HOST);
  }

  private static ApplicationFailure failure(Credential credential) {
    return catchThrowableOfType(ApplicationFailure.class, credential::authorization);
  }

  private static SecretReference reference(String text) {
    return SecretReference.parse(text).orElseThrow();
  }
}
