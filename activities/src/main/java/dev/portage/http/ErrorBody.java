package dev.portage.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The contents of an error response, in any of its forms. Databricks alone has seven: {@code
 * error_code} with {@code message}; the same with a number as the code, which repeats the status; a
 * message alone; {@code error} (API 1.2); SCIM's {@code detail} (RFC 7644, 3.12); a line {@code
 * CODE: message}; and a page with the message in {@code <pre>}. Its own clients read them all.
 *
 * @param code by which clients branch, null where it says none
 * @param message in words, empty where it says nothing
 * @param pause how long the server asks us to wait (google.rpc.RetryInfo), null if it doesn't
 * @param isOfApi whether the API itself speaks, and no page or proxy before it
 * @see <a
 *     href="https://github.com/databricks/databricks-sdk-go/blob/main/apierr/errors.go">databricks-sdk-go,
 *     apierr/errors.go</a>
 */
record ErrorBody(@Nullable String code, String message, @Nullable Duration pause, boolean isOfApi) {
  /** Characters that are kept of a page. */
  private static final int LONGEST_PAGE = 300;

  private static final Pattern LINE = Pattern.compile("([A-Z][A-Z_]+): (.*)", Pattern.DOTALL);

  private static final Pattern PREFORMATTED =
      Pattern.compile("<pre>(.*?)</pre>", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})(\\.\\d+)?s");

  static ErrorBody of(HttpAnswer answer) {
    JsonNode json = answer.json();
    if (json.isObject()) {
      String code = code(json);
      String message = message(json);
      return new ErrorBody(code, message, pause(json), code != null || !message.isEmpty());
    }
    String text = answer.body().strip();
    Matcher line = LINE.matcher(text);
    if (line.matches()) {
      return new ErrorBody(
          String.valueOf(line.group(1)), page(String.valueOf(line.group(2))), null, true);
    }
    Matcher preformatted = PREFORMATTED.matcher(text);
    return new ErrorBody(
        null,
        page(preformatted.find() ? String.valueOf(preformatted.group(1)) : text),
        null,
        text.isEmpty());
  }

  private static @Nullable String code(JsonNode json) {
    for (JsonNode code :
        new JsonNode[] {json.path("error_code"), json.path("error").path("code")}) {
      // A number is the status once more, and nothing to branch by.
      if (code.isTextual() && !code.asText().isBlank() && !code.asText().matches("\\d+")) {
        return code.asText();
      }
    }
    return isScim(json) && json.path("status").asText().matches("\\d{3}")
        ? "SCIM_" + json.path("status").asText()
        : null;
  }

  private static String message(JsonNode json) {
    String text =
        first(json.path("message"), json.path("error").path("message"), json.path("error"));
    String more = json.path("error_description").asText("").strip();
    if (!more.isEmpty()) {
      // RFC 6749, 5.2: the error is a word, and this says what it means.
      text = text.isEmpty() ? more : text + ": " + more;
    }
    if (text.isEmpty() && isScim(json)) {
      text = (json.path("scimType").asText("") + " " + json.path("detail").asText("")).strip();
    }
    String reason = detail(json, "google.rpc.ErrorInfo").path("reason").asText("");
    return reason.isEmpty() || text.contains(reason) ? text : (text + " (" + reason + ")").strip();
  }

  private static String first(JsonNode... texts) {
    for (JsonNode text : texts) {
      if (text.isTextual() && !text.asText().isBlank()) {
        return text.asText().strip();
      }
    }
    return "";
  }

  /** A lone {@code detail} is what other frameworks answer for a path that they do not know. */
  private static boolean isScim(JsonNode json) {
    return json.hasNonNull("detail") && (json.hasNonNull("status") || json.has("scimType"));
  }

  private static @Nullable Duration pause(JsonNode json) {
    Matcher seconds =
        SECONDS.matcher(detail(json, "google.rpc.RetryInfo").path("retry_delay").asText(""));
    return seconds.matches()
        ? Duration.ofSeconds(Long.parseLong(String.valueOf(seconds.group(1))))
        : null;
  }

  private static JsonNode detail(JsonNode json, String type) {
    for (JsonNode detail : json.path("details")) {
      if (detail.path("@type").asText("").endsWith(type)) {
        return detail;
      }
    }
    return json.path("details").path(type);
  }

  private static String page(String text) {
    String plain = text.replaceAll("(?is)<(script|style)\\b.*?</\\1>", " ");
    plain = plain.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
    if (plain.length() <= LONGEST_PAGE) {
      return plain;
    }
    // Between two words: half a secret would not be known for one.
    return plain.substring(0, Math.max(plain.lastIndexOf(' ', LONGEST_PAGE), 0)) + "…";
  }
}
