package dev.portage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.failure.Problem;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import mockwebserver3.junit5.StartStop;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpWayOutTest {
  private static final Attempt ATTEMPT = new Attempt("create a run", "workspace dev");
  private static final String SECRET = "tok-5f0c1d";

  @StartStop private final MockWebServer server = new MockWebServer();
  @StartStop private final MockWebServer otherHost = new MockWebServer();
  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final ErrorTable errors = ErrorTable.builder().build();

  @Test
  void aLostResponseIsNotRetried() {
    server.enqueue(
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
    server.enqueue(new MockResponse.Builder().body("{}").build());

    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> http.ask(ATTEMPT, errors, post("/runs/create?sig=abc")));

    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(failure.isNonRetryable()).isFalse();
    assertThat(failure.toString() + failure.getDetails().get(Problem.class))
        .contains("create a run failed in workspace dev")
        .doesNotContain(SECRET)
        .doesNotContain("sig=");
  }

  @Test
  void aBusyServerIsNotRetriedEither() {
    server.enqueue(new MockResponse.Builder().code(503).addHeader("Retry-After", "0").build());
    server.enqueue(new MockResponse.Builder().body("{}").build());

    assertThat(http.ask(ATTEMPT, errors, post("/runs/create")).status()).isEqualTo(503);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void anIdleConnectionIsDroppedBeforeAServerClosesIt() throws InterruptedException {
    server.enqueue(new MockResponse.Builder().body("{}").build());
    http.ask(ATTEMPT, errors, post("/version"));
    assertThat(http.rest().connectionPool().connectionCount()).isEqualTo(1);

    long asked = System.nanoTime();
    while (http.rest().connectionPool().connectionCount() > 0
        && System.nanoTime() - asked < TimeUnit.SECONDS.toNanos(10)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }

    assertThat(http.rest().connectionPool().connectionCount()).isZero();
    assertThat(OutboundHttp.IDLE).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void aRedirectCarriesNoLoginToAnotherHost() {
    server.enqueue(
        new MockResponse.Builder()
            .code(307)
            .addHeader("Location", otherHost.url("/stolen").toString())
            .build());

    assertThat(http.ask(ATTEMPT, errors, post("/runs/create")).status()).isEqualTo(307);
    assertThat(otherHost.getRequestCount()).isZero();
  }

  @Test
  void anUnreachableServerIsAPlatformError() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    Request request =
        new Request.Builder().url("http://127.0.0.1:" + free + "/x?token=abc").build();

    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> http.ask(ATTEMPT, errors, request));

    assertThat(failure.getType()).isEqualTo("PlatformError");
    assertThat(failure.getOriginalMessage())
        .contains("no connection to http://127.0.0.1:" + free + "/")
        .doesNotContain("abc");
  }

  @Test
  void anEndlessResponseIsCutOffAndNotRetried() {
    server.enqueue(new MockResponse.Builder().body("x".repeat(33 * 1024 * 1024)).build());
    server.enqueue(new MockResponse.Builder().body("x".repeat(33 * 1024 * 1024)).build());
    Request request = post("/runs/search");

    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> http.ask(ATTEMPT, errors, request));

    assertThat(failure.getType()).isEqualTo("UserError");
    assertThat(failure).hasMessageContaining("longer than 32 MiB");
    assertThat(http.askForLittle(ATTEMPT, errors, request)).isEmpty();
  }

  @Test
  void aFileWithoutCertificatesIsRefusedByName(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), "no certificate\n");

    assertThatThrownBy(() -> OutboundHttp.open(new NetworkSettings(Proxies.none(), file)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("PEM");
  }

  private Request post(String path) {
    return new Request.Builder()
        .url(server.url(path))
        .header("Authorization", "Bearer " + SECRET)
        .post(RequestBody.create("{}", MediaType.get("application/json")))
        .build();
  }
}
