package dev.portage.store.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;

class AwsSignatureTest {

  /**
   * The example of <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">AWS's own
   * document</a>, with its keys.
   */
  @Test
  void aUrlIsSignedAsInAwsDocumentation() {
    AwsSignature signature =
        new AwsSignature(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "",
            "us-east-1",
            Clock.fixed(Instant.parse("2013-05-24T00:00:00Z"), ZoneOffset.UTC));

    HttpUrl signed =
        HttpUrl.get(
            signature.presigned(
                "GET",
                HttpUrl.get("https://examplebucket.s3.amazonaws.com/test.txt"),
                Map.of(),
                Duration.ofDays(1)));

    assertThat(signed.queryParameter("X-Amz-Signature"))
        .isEqualTo("aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    assertThat(signed.queryParameterNames())
        .containsExactlyInAnyOrder(
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-SignedHeaders",
            "X-Amz-Signature");
    assertThat(signed.encodedPath()).isEqualTo("/test.txt");
  }
}
