package dev.portage.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.secrets.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signatures as others verify them. */
class SignatureTest {

  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  /** The example that Standard Webhooks publishes with its specification. */
  @Test
  void theExampleOfTheSpecificationIsSignedAsThere() {
    assertThat(
            Signature.of(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330),
                BODY,
                List.of(Secret.of(KEY))))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }
}
