package dev.portage.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.secrets.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures as a receiver in Python verifies them. */
class SignatureIT {

  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  /** What docs/notices.md gives to receivers, run as it stands there. */
  @Test
  void theLinesOfTheGuideAcceptItAndRefuseWhatIsForgedOrOld(@TempDir Path folder) throws Exception {
    Path guide =
        Path.of(Objects.requireNonNull(System.getProperty("portage.root")), "docs/notices.md");
    String text = Files.readString(guide);
    int start = text.indexOf("```python\nimport base64");
    assertThat(start).isPositive();
    String lines = text.substring(start + "```python\n".length(), text.indexOf("\n```", start));
    long now = Instant.now().getEpochSecond();
    String signature =
        Signature.of("id-1", Instant.ofEpochSecond(now), BODY, List.of(Secret.of(KEY)));
    Files.writeString(
        folder.resolve("receiver.py"),
        lines
            + "\n\nbody = b'"
            + new String(BODY, StandardCharsets.UTF_8)
            + "'\nkey = '"
            + KEY
            + "'\ngood = {'webhook-id': 'id-1', 'webhook-timestamp': '"
            + now
            + "', 'webhook-signature': 'v1,AAAA "
            + signature
            + "'}\n"
            + "assert is_from_portage(good, body, key)\n"
            + "assert not is_from_portage(good, body + b' ', key)\n"
            + "assert not is_from_portage({**good, 'webhook-id': 'id-2'}, body, key)\n"
            + "assert not is_from_portage({**good, 'webhook-timestamp': str("
            + (now - 3_600)
            + ")}, body, key)\n"
            + "assert not is_from_portage(good, body, 'whsec_' + key[10:])\n"
            + "print('verified')\n");
    Process python =
        new ProcessBuilder("python3", "receiver.py")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(python.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(said).isEqualTo("verified");
  }
}
