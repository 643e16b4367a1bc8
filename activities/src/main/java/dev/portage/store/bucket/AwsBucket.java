package dev.portage.store.bucket;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.VendedPlace;
import dev.portage.store.signed.Vending;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A bucket in Amazon S3 or Cloudflare R2, which have the same API. URLs are signed here, one per
 * call.
 */
public final class AwsBucket implements Bucket {
  /** What credentials of S3 are called. */
  public static final String S3_CREDENTIALS = "aws_temp_credentials";

  /** What credentials of R2 are called. */
  public static final String R2_CREDENTIALS = "r2_temp_credentials";

  /** What is served of S3, in words for people. */
  public static final String S3_KNOWN = S3_CREDENTIALS + " with s3://BUCKET/PATH";

  /** What is served of R2, in words for people. */
  public static final String R2_KNOWN =
      R2_CREDENTIALS + " with r2://BUCKET@ACCOUNT.r2.cloudflarestorage.com/PATH";

  private static final String BUCKET = "([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])";
  private static final Pattern S3 = Pattern.compile("s3://" + BUCKET + "/(.+?)/*");
  private static final Pattern R2 =
      Pattern.compile(
          "r2://" + BUCKET + "@([a-z0-9]+(?:\\.[a-z]+)?\\.r2\\.cloudflarestorage\\.com)/(.+?)/*");
  private static final Pattern REGION = Pattern.compile("[a-z]{2}[a-z0-9-]{3,30}");

  /** When the credentials don't say when they expire; the longest that URLs are used. */
  private static final Duration UNTOLD = Duration.ofHours(1);

  /** The most that S3 signs for. */
  private static final Duration LONGEST = Duration.ofDays(7);

  private final MlflowServer server;
  private final String credentials;
  private final String name;
  private final UnaryOperator<HttpUrl> address;
  private final Clock clock = Clock.systemUTC();

  /** Null until it was found out. */
  private @Nullable Place place;

  private record Place(HttpUrl root, String region) {}

  private AwsBucket(
      MlflowServer server,
      String credentials,
      String name,
      UnaryOperator<HttpUrl> address,
      @Nullable Place place) {
    this.server = server;
    this.credentials = credentials;
    this.name = name;
    this.address = address;
    this.place = place;
  }

  /**
   * A folder in S3; null when that is no such place.
   *
   * @param address which address of a bucket is used instead of its own
   */
  public static @Nullable VendedPlace ofS3(
      MlflowServer server, String location, Vending vending, UnaryOperator<HttpUrl> address) {
    Matcher place = S3.matcher(location);
    if (!place.matches()) {
      return null;
    }
    String bucket = String.valueOf(place.group(1));
    return new VendedBucket(
        server,
        new AwsBucket(server, S3_CREDENTIALS, bucket, address, null),
        String.valueOf(place.group(2)),
        vending);
  }

  /**
   * A folder in R2, as {@link #ofS3}. Its region is always <a
   * href="https://developers.cloudflare.com/r2/api/s3/api/#bucket-region">auto</a>.
   */
  public static @Nullable VendedPlace ofR2(
      MlflowServer server, String location, Vending vending, UnaryOperator<HttpUrl> address) {
    Matcher place = R2.matcher(location);
    if (!place.matches()) {
      return null;
    }
    String bucket = String.valueOf(place.group(1));
    HttpUrl root = HttpUrl.get("https://" + place.group(2) + "/" + bucket);
    return new VendedBucket(
        server,
        new AwsBucket(
            server, R2_CREDENTIALS, bucket, address, new Place(address.apply(root), "auto")),
        String.valueOf(place.group(3)),
        vending);
  }

  @Override
  public String storage() {
    return credentials.equals(R2_CREDENTIALS) ? "Cloudflare R2" : "Amazon S3";
  }

  @Override
  public HttpUrl root() {
    return place().root();
  }

  private synchronized Place place() {
    Place known = place;
    if (known == null) {
      String region = findRegion();
      String suffix = region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
      known = new Place(at("s3." + region + suffix), region);
      place = known;
    }
    return known;
  }

  /** The bucket at a host of S3, below it where a certificate for names without dots won't do. */
  private HttpUrl at(String host) {
    return address.apply(
        HttpUrl.get(
            name.indexOf('.') < 0
                ? "https://" + name + "." + host + "/"
                : "https://" + host + "/" + name));
  }

  /**
   * S3 tells everyone, with each response (<a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html">HeadBucket</a>), so
   * nothing is signed for the wrong region.
   */
  private String findRegion() {
    Attempt attempt = server.attempt("find the region of bucket " + name);
    Request request =
        new Request.Builder()
            .url(at("s3.amazonaws.com"))
            .header("User-Agent", "portage")
            .head()
            .build();
    HttpAnswer answer = server.http().ask(attempt, SignedErrors.TABLE, request);
    String region = answer.headers().get("x-amz-bucket-region");
    if (region == null || !REGION.matcher(region).matches()) {
      throw answer.isSuccess()
          ? server.failure(
              FailureKind.PLATFORM, attempt.tried(), "it names none", "Portage retries.")
          : SignedErrors.failure(attempt, answer);
    }
    return region;
  }

  @Override
  public Grant allow(String method, HttpUrl url, Vending.Vended vended) {
    Duration left =
        vended.until() == null ? UNTOLD : Duration.between(clock.instant(), vended.until());
    AwsSignature signature =
        new AwsSignature(
            vended.field(credentials, "access_key_id"),
            vended.field(credentials, "secret_access_key"),
            vended.field(credentials, "session_token"),
            place().region(),
            clock);
    Duration validFor = left.compareTo(LONGEST) > 0 ? LONGEST : left;
    Map<String, String> headers = makesObject(method, url) ? encryption(vended) : Map.of();
    return Grant.of(
        server,
        "use the storage's credentials",
        "vended",
        signature.presigned(method, url, headers, validFor),
        headers,
        clock.instant());
  }

  private static boolean makesObject(String method, HttpUrl url) {
    return (method.equals("PUT") && url.query() == null)
        || (method.equals("POST") && url.queryParameterNames().contains("uploads"));
  }

  /**
   * How the storage's owner wants objects to be encrypted, requested as by MLflow's own client (<a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html">PutObject</a>).
   */
  private static Map<String, String> encryption(Vending.Vended vended) {
    JsonNode details =
        vended.credentials().path("encryption_details").path("sse_encryption_details");
    String header = "x-amz-server-side-encryption";
    return switch (details.path("algorithm").asText()) {
      case "AWS_SSE_S3" -> Map.of(header, "AES256");
      case "AWS_SSE_KMS" ->
          Map.of(
              header,
              "aws:kms",
              header + "-aws-kms-key-id",
              details.path("aws_kms_key_arn").asText());
      default -> Map.of();
    };
  }
}
