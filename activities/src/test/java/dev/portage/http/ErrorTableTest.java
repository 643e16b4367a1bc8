package dev.portage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import io.temporal.failure.ApplicationFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import okhttp3.Headers;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTableTest {
  private static final Attempt ATTEMPT = new Attempt("read run 7", "workspace dev");
  private static final Request REQUEST =
      new Request.Builder()
          .url("http://mlflow.example.com/api?sig=abcdef")
          .header("Authorization", "Bearer very-secret-token")
          .build();
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

  private final ErrorTable table =
      ErrorTable.builder()
          .code("BUSY", FailureKind.PLATFORM, "Wait.")
          .code("GONE_FOR_GOOD", FailureKind.FATAL, "Give up.")
          .clock(NOON)
          .build();

  @Test
  void theErrorCodeDecidesBeforeTheStatus() {
    assertThat(kindOf(400, "{\"error_code\":\"BUSY\",\"message\":\"later\"}"))
        .isEqualTo(FailureKind.PLATFORM);
    assertThat(kindOf(500, "{\"error_code\":\"GONE_FOR_GOOD\"}")).isEqualTo(FailureKind.FATAL);
  }

  @ParameterizedTest
  @CsvSource({
    "301,USER",
    "400,USER",
    "401,USER",
    "403,USER",
    "404,USER",
    "408,PLATFORM",
    "418,USER",
    "429,PLATFORM",
    "500,PLATFORM",
    "501,USER",
    "502,PLATFORM",
    "503,PLATFORM",
    "504,PLATFORM",
    "599,PLATFORM"
  })
  void withoutAKnownCodeTheStatusDecides(int status, FailureKind kind) {
    assertThat(kindOf(status, "{\"error_code\":\"NEVER_HEARD_OF\"}")).isEqualTo(kind);
    assertThat(kindOf(status, "")).isEqualTo(kind);
  }

  @Test
  void a403ThatIsNotJsonIsStillA403() {
    ApplicationFailure failure =
        table.failure(ATTEMPT, REQUEST, answer(403, "<html><body><h1>No entry</h1></body></html>"));

    assertThat(failure.isNonRetryable()).isTrue();
    assertThat(failure.getType()).isEqualTo("UserError");
    assertThat(failure.getOriginalMessage())
        .contains("read run 7 failed in workspace dev: 403: No entry")
        .contains("have it granted");
  }

  @Test
  void retryAfterIsHonoured() {
    assertThat(failure(429, "Retry-After", "17").getNextRetryDelay())
        .isEqualTo(Duration.ofSeconds(17));
    assertThat(failure(503, "Retry-After", "Fri, 02 Jan 2026 12:01:30 GMT").getNextRetryDelay())
        .isEqualTo(Duration.ofSeconds(90));
    assertThat(failure(503, "Retry-After", "Fri, 02 Jan 2026 11:00:00 GMT").getNextRetryDelay())
        .isEqualTo(Duration.ZERO);
    assertThat(failure(503, "Retry-After", "999999999").getNextRetryDelay())
        .isEqualTo(Duration.ofDays(1));
    assertThat(failure(503, "Retry-After", "soon").getNextRetryDelay()).isNull();
    assertThat(failure(503, "Server", "x").getNextRetryDelay()).isNull();
    assertThat(failure(403, "Retry-After", "17").getNextRetryDelay()).isNull();
  }

  @Test
  void noCredentialAppearsInAFailure() {
    String body =
        """
        {"error_code":"very-secret-token","message":"bad login very-secret-token; Bearer other-secret-1; \
        see https://blob.example.com/c/f?sv=1&sig=SIGNED-QUERY and https://ana:pass-word@host/x, \
        dapi0123456789abcdef0123456789abcdef, sig=NAKED"}
        """;

    ApplicationFailure failure = table.failure(ATTEMPT, REQUEST, answer(400, body));

    assertThat(failure.toString() + failure.getDetails().get(Problem.class))
        .doesNotContain("very-secret-token")
        .doesNotContain("other-secret-1")
        .doesNotContain("SIGNED-QUERY")
        .doesNotContain("pass-word")
        .doesNotContain("dapi0123456789abcdef")
        .doesNotContain("NAKED")
        .contains("https://blob.example.com/c/f?…");
  }

  @Test
  void aPageIsTruncatedBetweenWordsSoThatNoPartialSecretIsLeft() {
    String words = "no ".repeat(95); // 285 characters
    HttpAnswer answer =
        answer(502, "<html>" + words + "dapi0123456789abcdef0123456789abcdef</html>");

    assertThat(answer.message()).isEqualTo(words.strip() + "…");
  }

  @Test
  void aRedirectSaysWhereItWouldHaveGone() {
    ApplicationFailure failure =
        failure(302, "Location", "https://login.example.com/sso?state=SECRET-STATE");

    assertThat(failure.isNonRetryable()).isTrue();
    assertThat(failure.getOriginalMessage())
        .contains("redirect to https://login.example.com/sso?…")
        .doesNotContain("SECRET-STATE");
  }

  private FailureKind kindOf(int status, String body) {
    ApplicationFailure failure = table.failure(ATTEMPT, REQUEST, answer(status, body));
    FailureKind kind = FailureKind.ofType(failure.getType());
    assertThat(failure.isNonRetryable()).isEqualTo(kind != FailureKind.PLATFORM);
    assertThat(failure.getDetails().get(Problem.class).kind()).isEqualTo(kind);
    return kind;
  }

  private ApplicationFailure failure(int status, String header, String value) {
    return table.failure(ATTEMPT, REQUEST, new HttpAnswer(status, Headers.of(header, value), ""));
  }

  private static HttpAnswer answer(int status, String body) {
    return new HttpAnswer(status, Headers.of(), body);
  }
}
