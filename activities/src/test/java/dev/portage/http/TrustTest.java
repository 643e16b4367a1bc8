package dev.portage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.temporal.failure.ApplicationFailure;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
  private static final Attempt ATTEMPT = new Attempt("read", "workspace dev");
  private static final ErrorTable ERRORS = ErrorTable.builder().build();
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;

  @Test
  void aCompanysOwnAuthorityIsTrustedOnceItsFileIsNamed() throws Exception {
    KeyStore keys = selfSigned();
    Path pem = folder.resolve("ca.pem");
    Files.writeString(
        pem,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder()
                .encodeToString(Objects.requireNonNull(keys.getCertificate("server")).getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    try (MockWebServer server = new MockWebServer();
        OutboundHttp plain = OutboundHttp.open(NetworkSettings.direct());
        OutboundHttp trusting = OutboundHttp.open(new NetworkSettings(Proxies.none(), pem))) {
      server.useHttps(serving(keys).getSocketFactory());
      server.start();
      server.enqueue(new MockResponse.Builder().body("inside").build());
      Request request =
          new Request.Builder().url(server.url("/").newBuilder().host("localhost").build()).build();

      ApplicationFailure refused =
          catchThrowableOfType(ApplicationFailure.class, () -> plain.ask(ATTEMPT, ERRORS, request));

      assertThat(refused.getType()).isEqualTo("UserError");
      assertThat(refused.getOriginalMessage())
          .contains(
              "the certificate of https://localhost:" + server.getPort() + "/ is not trusted");
      assertThat(trusting.ask(ATTEMPT, ERRORS, request).body()).isEqualTo("inside");
    }
  }

  private KeyStore selfSigned() throws Exception {
    Path file = folder.resolve("server.p12");
    Path keytool =
        Path.of(Objects.requireNonNull(System.getProperty("java.home")), "bin", "keytool");
    Process made =
        new ProcessBuilder(
                List.of(
                    keytool.toString(),
                    "-genkeypair",
                    "-alias",
                    "server",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    new String(PASSWORD),
                    "-keystore",
                    file.toString()))
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(file)) {
      keys.load(stream, PASSWORD);
    }
    return keys;
  }

  private static SSLContext serving(KeyStore keys) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
