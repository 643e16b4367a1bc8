package dev.portage.store.bucket;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import okhttp3.HttpUrl;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">Signature
 * version 4</a> in the query of a URL, made by AWS's own signer.
 */
final class AwsSignature {
  private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

  private final AwsCredentialsIdentity identity;
  private final String region;
  private final Clock clock;

  /**
   * A signature with these credentials.
   *
   * @param token of the session; empty for credentials that belong to none
   */
  AwsSignature(String accessKey, String secretKey, String token, String region, Clock clock) {
    this.identity =
        token.isEmpty()
            ? AwsCredentialsIdentity.create(accessKey, secretKey)
            : AwsSessionCredentialsIdentity.create(accessKey, secretKey, token);
    this.region = region;
    this.clock = clock;
  }

  /**
   * The address with a signature; its body is not covered.
   *
   * @param url whose path is encoded as it has to be sent
   * @param headers that have to be sent, and are covered
   */
  String presigned(String method, HttpUrl url, Map<String, String> headers, Duration validFor) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(method))
            .protocol(url.scheme())
            .host(url.host())
            .port(url.port())
            .encodedPath(url.encodedPath());
    for (String name : url.queryParameterNames()) {
      request.putRawQueryParameter(name, Objects.requireNonNullElse(url.queryParameter(name), ""));
    }
    headers.forEach(request::putHeader);
    return SIGNER
        .sign(order ->
            order
                .identity(identity)
                .request(request.build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, validFor)
                .putProperty(HttpSigner.SIGNING_CLOCK, clock))
        .request()
        .getUri()
        .toString();
  }
}
