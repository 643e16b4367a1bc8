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
 * A server's complete response, successful or not.
 *
 * @param status HTTP status
 * @param headers its headers
 * @param body its text, empty when there was none
 */
public record HttpAnswer(int status, Headers headers, String body) {
  /** Servers in the world of Python write NaN and Infinity as bare words. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** What Databricks says in it, it says in the body too, where there is one. */
  private static final String REASON = "X-Databricks-Reason-Phrase";

  /** Whether the server did what was requested. Redirects don't count. */
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
    return ErrorBody.of(this).code();
  }

  /** Whether the server refused, giving this code. */
  public boolean isError(String code) {
    return !isSuccess() && code.equals(errorCode());
  }

  /**
   * Whether the API itself says, in any of its forms, that the requested object doesn't exist. A
   * page never does: with a wrong address everything is missing.
   */
  public boolean isNotThere() {
    if (isSuccess()) {
      return false;
    }
    ErrorBody said = ErrorBody.of(this);
    String code = said.code();
    return code == null
        ? status == 404 && said.isOfApi()
        : code.equals("RESOURCE_DOES_NOT_EXIST") || code.equals("NOT_FOUND");
  }

  /** How long the server asks us to wait, null if it doesn't. Never negative. */
  public @Nullable Duration retryAfter(Clock clock) {
    Duration header = retryAfter(headers.get("Retry-After"), clock);
    return header == null && !isSuccess() ? ErrorBody.of(this).pause() : header;
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
    String location = headers.get("Location");
    if (location != null && location.contains(DatabricksWords.PRIVATE_LINK)) {
      return DatabricksWords.PRIVATE_LINK;
    }
    String said = ErrorBody.of(this).message();
    String phrase = headers.get(REASON);
    return said.isEmpty() && phrase != null ? phrase.strip() : said;
  }
}
