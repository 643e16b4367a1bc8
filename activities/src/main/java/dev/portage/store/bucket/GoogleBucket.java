package dev.portage.store.bucket;

import dev.portage.mlflow.MlflowServer;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.VendedPlace;
import dev.portage.store.signed.Vending;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A Google Cloud Storage bucket through its <a
 * href="https://cloud.google.com/storage/docs/xml-api/overview">XML API</a>, with an OAuth token in
 * a header.
 */
public record GoogleBucket(MlflowServer server, HttpUrl root) implements Bucket {
  /** What its credentials are called. */
  public static final String CREDENTIALS = "gcp_oauth_token";

  /** What is served, in words for people. */
  public static final String KNOWN = CREDENTIALS + " with gs://BUCKET/PATH";

  private static final Pattern LOCATION =
      Pattern.compile("gs://([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])/(.+?)/*");

  private static final HttpUrl STORAGE = HttpUrl.get("https://storage.googleapis.com/");

  /**
   * A folder; null when that is no such place.
   *
   * @param address which address is used instead of Google's own
   */
  public static @Nullable VendedPlace at(
      MlflowServer server, String location, Vending vending, UnaryOperator<HttpUrl> address) {
    Matcher place = LOCATION.matcher(location);
    if (!place.matches()) {
      return null;
    }
    HttpUrl root =
        address.apply(STORAGE).newBuilder().addPathSegment(String.valueOf(place.group(1))).build();
    return new VendedBucket(
        server, new GoogleBucket(server, root), String.valueOf(place.group(2)), vending);
  }

  @Override
  public String storage() {
    return "Google Cloud Storage";
  }

  @Override
  public Grant allow(String method, HttpUrl url, Vending.Vended vended) {
    return Grant.of(
        server,
        "use the storage's token",
        "vended",
        url.toString(),
        Map.of("Authorization", "Bearer " + vended.field(CREDENTIALS, "oauth_token")),
        Instant.now(),
        vended.until());
  }
}
