package dev.portage.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered, good or bad, read whole.
 *
 * @param status HTTP status
 * @param headers its headers
 * @param body its text, empty when there was none
 */
public record HttpAnswer(int status, Headers headers, String body) {
  /** Servers in the world of Python write NaN and Infinity as bare words. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Characters that are kept of a page. */
  private static final int LONGEST_PAGE = 300;

  /** Whether the server did what was asked. Redirects are none. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** The body as JSON; a missing node where it is none, or nothing. */
  public JsonNode json() {
    String text = body.strip();
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** The error code by which the server's own clients branch, null where it says none. */
  public @Nullable String errorCode() {
    JsonNode json = json();
    for (JsonNode code :
        new JsonNode[] {json.path("error_code"), json.path("error").path("code")}) {
      if (code.isTextual() && !code.asText().isBlank()) {
        return code.asText();
      }
    }
    return null;
  }

  /** Whether the server refused, giving this code. */
  public boolean isError(String code) {
    return !isSuccess() && code.equals(errorCode());
  }

  /** How long the server asks us to wait, null where it does not. Never negative. */
  public @Nullable Duration retryAfter(Clock clock) {
    return retryAfter(headers.get("Retry-After"), clock);
  }

  /**
   * Reads a {@code Retry-After}, which is seconds or a date (RFC 9110, 10.2.3).
   *
   * @param value the header, null where there is none
   */
  public static @Nullable Duration retryAfter(@Nullable String value, Clock clock) {
    if (value == null) {
      return null;
    }
    String text = value.strip();
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      Duration wait = Duration.between(clock.instant(), then);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** What the server says is wrong, as one short text. May hold secrets: see {@link Redaction}. */
  public String message() {
    JsonNode json = json();
    for (JsonNode text :
        new JsonNode[] {
          json.path("message"), json.path("error").path("message"), json.path("error")
        }) {
      if (text.isTextual() && !text.asText().isBlank()) {
        return text.asText().strip();
      }
    }
    String plain = body.replaceAll("(?is)<(script|style)\\b.*?</\\1>", " ");
    plain = plain.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
    if (plain.length() <= LONGEST_PAGE) {
      return plain;
    }
    // Between two words: half a secret would not be known for one.
    return plain.substring(0, Math.max(plain.lastIndexOf(' ', LONGEST_PAGE), 0)) + "…";
  }
}
