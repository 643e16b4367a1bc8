package dev.portage.localworkspace.blobs;

import dev.portage.localworkspace.protocol.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Presigned URLs of Amazon S3 (signature version 4) and of Google Cloud Storage, whose version 4
 * with an HMAC key is the same under different names.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">AWS
 *     signature version 4, query parameters</a>
 * @see <a href="https://cloud.google.com/storage/docs/authentication/signatures">Google signatures,
 *     GOOG4-HMAC-SHA256</a>
 */
final class Presigned {
  /** Who defined the words. */
  enum Words {
    AMAZON("AWS4", "X-Amz-", "s3"),
    GOOGLE("GOOG4", "X-Goog-", "storage");

    private final String version;
    private final String prefix;
    private final String service;

    Words(String version, String prefix, String service) {
      this.version = version;
      this.prefix = prefix;
      this.service = service;
    }

    private String algorithm() {
      return version + "-HMAC-SHA256";
    }

    private String ending() {
      return this == AMAZON ? "aws4_request" : "goog4_request";
    }

    /** The name of a query parameter, such as {@code X-Amz-Date}. */
    String name(String last) {
      return prefix + last;
    }
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Words words;
  private final String region;
  private final String keyId;
  private final String secret;

  Presigned(Words words, String region, String keyId, String secret) {
    this.words = words;
    this.region = region;
    this.keyId = keyId;
    this.secret = secret;
  }

  /**
   * The query of a URL.
   *
   * @param host as the {@code Host} header has it
   * @param path escaped, with its leading slash
   * @param more the rest of the query
   */
  String sign(
      String method,
      String host,
      String path,
      Map<String, String> more,
      Instant now,
      Duration life) {
    Map<String, String> query = new TreeMap<>(more);
    String time = TIME.format(now);
    query.put(words.name("Algorithm"), words.algorithm());
    query.put(words.name("Credential"), keyId + "/" + scope(time));
    query.put(words.name("Date"), time);
    query.put(words.name("Expires"), Long.toString(life.toSeconds()));
    query.put(words.name("SignedHeaders"), "host");
    query.put(words.name("Signature"), signature(method, host, path, query));
    return Escapes.query(query);
  }

  /**
   * Checks a query.
   *
   * @throws BlobRefusal as S3 or Google refuses
   */
  void check(String method, String host, String path, Map<String, String> query, Instant now) {
    for (String last :
        new String[] {"Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"}) {
      if (!query.containsKey(words.name(last))) {
        throw new BlobRefusal(403, "AccessDenied", "Access Denied");
      }
    }
    Map<String, String> signed = new TreeMap<>(query);
    signed.remove(words.name("Signature"));
    String sent = query.getOrDefault(words.name("Signature"), "");
    if (!Hmac.same(signature(method, host, path, signed), sent)) {
      throw new BlobRefusal(
          403,
          "SignatureDoesNotMatch",
          "The request signature we calculated does not match the signature you provided. Check"
              + " your key and signing method.");
    }
    Instant from;
    Instant until;
    try {
      from = TIME.parse(query.getOrDefault(words.name("Date"), ""), Instant::from);
      until = from.plusSeconds(Long.parseLong(query.getOrDefault(words.name("Expires"), "")));
    } catch (DateTimeException | NumberFormatException e) {
      throw new BlobRefusal(
          400, "AuthorizationQueryParametersError", "The date or the expiry is malformed");
    }
    if (now.isBefore(from.minusSeconds(900)) || !now.isBefore(until)) {
      throw expired();
    }
  }

  BlobRefusal expired() {
    return words == Words.AMAZON
        // Databricks' Python client knows an expired URL by these words.
        ? new BlobRefusal(403, "AccessDenied", "Request has expired")
        // Google answers 400 here: https://cloud.google.com/storage/docs/xml-api/reference-status
        : new BlobRefusal(400, "ExpiredToken", "The provided token has expired.");
  }

  private String scope(String time) {
    return time.substring(0, 8) + "/" + region + "/" + words.service + "/" + words.ending();
  }

  private String signature(String method, String host, String path, Map<String, String> query) {
    String time = query.getOrDefault(words.name("Date"), "");
    if (time.length() < 8) {
      return "";
    }
    String canonical =
        String.join(
            "\n",
            method,
            path,
            Escapes.query(new TreeMap<>(query)),
            "host:" + host,
            "",
            "host",
            "UNSIGNED-PAYLOAD");
    String text = String.join("\n", words.algorithm(), time, scope(time), Sha256.of(canonical));
    byte[] key =
        Hmac.of((words.version + secret).getBytes(StandardCharsets.UTF_8), time.substring(0, 8));
    key = Hmac.of(key, region);
    key = Hmac.of(key, words.service);
    key = Hmac.of(key, words.ending());
    return HexFormat.of().formatHex(Hmac.of(key, text));
  }
}
