package dev.portage.localworkspace.blobs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shared access signatures of Azure storage, created with the account's key and checked.
 *
 * <p>Databricks issues user delegation signatures, which differ only in the signing key.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/create-service-sas">Create a
 *     service SAS</a>
 */
final class Sas {
  private static final String VERSION = "2020-12-06";

  /** A clock that is a little behind must not find the signature to be of the future. */
  private static final long BEFORE_SECONDS = 60;

  private final String account;
  private final byte[] key;

  /**
   * Signatures of one account.
   *
   * @param key in Base64
   */
  Sas(String account, String key) {
    this.account = account;
    try {
      this.key = Base64.getDecoder().decode(key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("The key of account " + account + " must be Base64");
    }
  }

  /**
   * The query of a signature.
   *
   * @param place container and key, such as {@code mlflow/1/x}
   * @param resource {@code b} for one file, {@code c} for a container
   * @param permissions in Azure's order, such as {@code cw}
   */
  String sign(String place, String resource, String permissions, Instant now, Instant until) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("sv", VERSION);
    query.put("st", second(now.minusSeconds(BEFORE_SECONDS)));
    query.put("se", second(until));
    query.put("sr", resource);
    query.put("sp", permissions);
    query.put("sig", signature(place, query));
    return Escapes.query(query);
  }

  /**
   * Checks that a query allows something now.
   *
   * @param place the requested container and key
   * @param wanted the permissions of which any is enough
   * @throws BlobRefusal as Azure refuses
   */
  void check(String place, Map<String, String> query, String wanted, Instant now) {
    for (String needed : List.of("sv", "se", "sr", "sp", "sig")) {
      if (!query.containsKey(needed)) {
        throw new BlobRefusal(
            403,
            "AuthenticationFailed",
            "Server failed to authenticate the request.",
            "The query parameter '" + needed + "' of a shared access signature is missing");
      }
    }
    if (!Hmac.same(signature(place, query), query.getOrDefault("sig", ""))) {
      throw new BlobRefusal(
          403,
          "AuthenticationFailed",
          "Server failed to authenticate the request. Make sure the value of Authorization header"
              + " is formed correctly including the signature.",
          "Signature did not match");
    }
    Instant from = instant(query.getOrDefault("st", ""), Instant.MIN);
    Instant until = instant(query.getOrDefault("se", ""), Instant.MIN);
    if (now.isBefore(from) || !now.isBefore(until)) {
      throw expired();
    }
    String permissions = query.getOrDefault("sp", "");
    if (wanted.chars().noneMatch(one -> permissions.indexOf(one) >= 0)) {
      throw new BlobRefusal(
          403,
          "AuthorizationPermissionMismatch",
          "This request is not authorized to perform this operation using this permission.");
    }
  }

  /**
   * The {@code Authorization} of the account itself, for what no signature allows.
   *
   * @param headers the {@code x-ms-} headers in order, one a line
   * @param path of the request
   * @param query its parameters in order, as {@code name:value}, one a line
   * @see <a
   *     href="https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key">Shared
   *     key</a>
   */
  String sharedKey(String method, String headers, String path, String query) {
    // Twelve standard headers, all of them absent.
    String text = method + "\n".repeat(12) + headers + "\n/" + account + path + "\n" + query;
    return "SharedKey " + account + ":" + Base64.getEncoder().encodeToString(Hmac.of(key, text));
  }

  static BlobRefusal expired() {
    return new BlobRefusal(
        403,
        "AuthenticationFailed",
        "Server failed to authenticate the request.",
        // Databricks' Python client knows an expired URL by these words.
        "Signature not valid in the specified time frame");
  }

  private String signature(String place, Map<String, String> query) {
    String text =
        String.join(
            "\n",
            query.getOrDefault("sp", ""),
            query.getOrDefault("st", ""),
            query.getOrDefault("se", ""),
            "/blob/" + account + "/" + place,
            "", // stored policy
            "", // IP range
            "", // protocol
            query.getOrDefault("sv", ""),
            query.getOrDefault("sr", ""),
            "", // snapshot
            "", // encryption scope
            "", // five headers of the answer
            "",
            "",
            "",
            "");
    return Base64.getEncoder().encodeToString(Hmac.of(key, text));
  }

  private static String second(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static Instant instant(String text, Instant otherwise) {
    try {
      return text.isEmpty() ? otherwise : Instant.parse(text);
    } catch (DateTimeException e) {
      return otherwise;
    }
  }
}
