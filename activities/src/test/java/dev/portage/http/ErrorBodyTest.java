package dev.portage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The error formats of Databricks, as in its own SDK's tests. */
class ErrorBodyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "{\"error_code\":\"NOT_FOUND\",\"message\":\"no run\"} | NOT_FOUND | no run",
        "{\"error_code\":403,\"message\":\"Invalid access token.\"} | - | Invalid access token.",
        "{\"error_code\":\"403\",\"message\":\"Invalid access token.\"} | - | Invalid access token.",
        "{\"message\":\"Job 7 does not exist.\"} | - | Job 7 does not exist.",
        "{\"error\":\"Cluster is gone\"} | - | Cluster is gone",
        "{\"error\":\"invalid_client\",\"error_description\":\"no such\"} | - | invalid_client: no such",
        "{\"error\":{\"code\":\"UserError\",\"message\":\"no\"}} | UserError | no",
        "{\"detail\":\"No such user\",\"status\":\"404\"} | SCIM_404 | No such user",
        "{\"detail\":\"bad\",\"scimType\":\"invalidValue\",\"status\":400} | SCIM_400 | invalidValue bad",
        "{\"detail\":\"Not Found\"} | - | ``",
        "MALFORMED_REQUEST: vpc_endpoints malformed | MALFORMED_REQUEST | vpc_endpoints malformed",
        "<p>Problem accessing /x. Reason:<pre>    Invalid access token.</pre></p> | - | Invalid access token.",
        "<html><h1>No entry</h1></html> | - | No entry",
        "no words of any form | - | no words of any form",
        "{} | - | ``"
      })
  void everyFormGivesItsCodeAndMessage(String body, String code, String message) {
    HttpAnswer answer = answer(400, body);

    assertThat(answer.errorCode()).isEqualTo(code);
    assertThat(answer.message()).isEqualTo(message);
  }

  @Test
  void detailsGiveTheReasonAndHowLongToWait() {
    HttpAnswer answer =
        answer(
            429,
            """
            {"error_code":"RESOURCE_EXHAUSTED","message":"slow down","details":[
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMITED"},
              {"@type":"type.googleapis.com/google.rpc.RetryInfo","retry_delay":"42.0000000012s"}]}
            """);

    assertThat(answer.message()).isEqualTo("slow down (RATE_LIMITED)");
    assertThat(answer.retryAfter(Clock.systemUTC())).isEqualTo(Duration.ofSeconds(42));
  }

  @Test
  void theHeaderCountsIfTheBodyIsEmpty() {
    HttpAnswer answer =
        new HttpAnswer(403, Headers.of("X-Databricks-Reason-Phrase", "Invalid access token."), "");

    assertThat(answer.message()).isEqualTo("Invalid access token.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "404 | {\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"} | true",
        "400 | {\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"} | true",
        "404 | {\"message\":\"Path (/x) doesn't exist.\"} | true",
        "404 | `` | true",
        "404 | {\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"No API found\"} | false",
        "404 | {\"detail\":\"Not Found\"} | false",
        "404 | <html>no such page</html> | false",
        "403 | {\"message\":\"no\"} | false",
        "200 | {} | false"
      })
  void onlyTheApiItselfCanSayThatSomethingIsMissing(int status, String body, boolean notThere) {
    assertThat(answer(status, body).isNotThere()).isEqualTo(notThere);
  }

  private static HttpAnswer answer(int status, String body) {
    return new HttpAnswer(status, Headers.EMPTY, body);
  }
}
