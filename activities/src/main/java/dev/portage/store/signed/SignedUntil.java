package dev.portage.store.signed;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * When a signed URL expires, according to its query: {@code se} of <a
 * href="https://learn.microsoft.com/rest/api/storageservices/create-service-sas">Azure</a>, {@code
 * X-Amz-Date} and {@code X-Amz-Expires} of <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">S3</a>, the
 * same with {@code X-Goog-} for Google, and {@code Expires} of the older signatures of both.
 */
final class SignedUntil {
  private static final DateTimeFormatter COMPACT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

  private SignedUntil() {}

  /** Null if unknown. */
  static @Nullable Instant of(HttpUrl url) {
    try {
      String sas = url.queryParameter("se");
      if (sas != null) {
        return OffsetDateTime.parse(sas).toInstant();
      }
      for (String maker : new String[] {"X-Amz-", "X-Goog-"}) {
        String date = url.queryParameter(maker + "Date");
        String seconds = url.queryParameter(maker + "Expires");
        if (date != null && seconds != null) {
          return LocalDateTime.parse(date, COMPACT)
              .toInstant(ZoneOffset.UTC)
              .plusSeconds(Integer.parseInt(seconds));
        }
      }
      String end = url.queryParameter("Expires");
      return end == null
          ? null
          : Instant.ofEpochSecond(Integer.toUnsignedLong(Integer.parseUnsignedInt(end)));
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }
}
