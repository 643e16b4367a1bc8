package dev.portage.store.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import io.temporal.failure.ApplicationFailure;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What object stores mean by their errors when they are reached through signed URLs: <a
 * href="https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes">Azure</a>,
 * <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">S3</a>, <a
 * href="https://cloud.google.com/storage/docs/xml-api/reference-status">Google</a>.
 */
public final class SignedErrors {
  public static final ErrorTable TABLE =
      ErrorTable.builder()
          .code(
              "AuthorizationFailure",
              FailureKind.USER,
              "The storage account's network rules block this worker: allow its network.")
          .code(
              "EntityTooLarge",
              FailureKind.USER,
              "The workspace signs no multipart uploads here: make the file smaller, or use a workspace that does.")
          .code("RequestBodyTooLarge", FailureKind.USER, "Make the file smaller.")
          .status(400, FailureKind.PLATFORM, "Portage retries with a new URL.")
          .status(401, FailureKind.PLATFORM, "Portage retries with a new URL.")
          .status(403, FailureKind.PLATFORM, "Portage retries with a new URL.")
          .status(404, FailureKind.USER, "Find out who deleted it.")
          .status(409, FailureKind.PLATFORM, "Portage retries.")
          .status(412, FailureKind.PLATFORM, "Portage retries.")
          .build();

  private static final Pattern CODE = Pattern.compile("<Code>([\\w.]{1,100})</Code>");
  private static final Pattern MESSAGE = Pattern.compile("(?s)<Message>(.{1,300}?)[\r\n<]");

  private SignedErrors() {}

  /**
   * Whether a server is busy or broken, so that its response says nothing about its capabilities.
   */
  public static boolean isPassing(int status) {
    return status == 429 || (status >= 500 && status != 501);
  }

  /** Whether the grant is what the store does not like. Google says 400 where others say 403. */
  public static boolean isOfGrant(HttpAnswer answer) {
    return answer.status() == 401
        || answer.status() == 403
        || (answer.status() == 400 && "ExpiredToken".equals(code(answer)));
  }

  /** The store's own code, null where it gives none. */
  public static @Nullable String code(HttpAnswer answer) {
    String header = answer.headers().get("x-ms-error-code");
    if (header != null) {
      return header;
    }
    Matcher code = CODE.matcher(answer.body());
    return code.find() ? code.group(1) : answer.errorCode();
  }

  /** The failure for an answer. Of XML only code and message: S3 repeats the signature. */
  public static ApplicationFailure failure(Attempt attempt, HttpAnswer answer) {
    return TABLE.failure(
        attempt, answer.status(), code(answer), said(answer), answer.retryAfter(Clock.systemUTC()));
  }

  private static String said(HttpAnswer answer) {
    String location = answer.headers().get("Location");
    if (location != null) {
      return "redirect to " + location;
    }
    Matcher message = MESSAGE.matcher(answer.body());
    String said = message.find() ? message.group(1) : null;
    return said != null ? said : answer.body().contains("<Error") ? "" : answer.message();
  }

  /**
   * Headers that belong to a signed address: an object (MLflow), or names and values (Databricks).
   */
  public static Map<String, String> headers(JsonNode headers) {
    Map<String, String> all = new LinkedHashMap<>();
    if (headers.isArray()) {
      headers.forEach(h -> all.put(h.path("name").asText(), h.path("value").asText()));
    } else {
      headers.properties().forEach(header -> all.put(header.getKey(), header.getValue().asText()));
    }
    return all;
  }
}
