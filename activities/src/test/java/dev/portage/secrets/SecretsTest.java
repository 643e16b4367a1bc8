package dev.portage.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.portage.failure.FailureKind;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

  private static final String VALUE = "dapi-0123456789";

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private Secrets secrets;

  @BeforeEach
  void readFromTheFolderOfThePlatformFile() {
    secrets = new Secrets(folder, environment::get, KeyVault.absent());
  }

  @Test
  void aVariableIsReadWhenItIsUsed() {
    environment.put("PROD_TOKEN", VALUE);
    assertThat(read("env:PROD_TOKEN").reveal()).isEqualTo(VALUE);
  }

  @Test
  @Tag("S1.23")
  void aVariableOfAPipelinesGroupIsReadByItsName() {
    environment.put("DATABRICKS-TOKEN-DEV", "as-an-agent-hands-it-on");
    environment.put("databricks-token-prod", VALUE);
    environment.put("DATABRICKS-TOKEN-PROD", "another");

    assertThat(read("env:databricks-token-dev").reveal()).isEqualTo("as-an-agent-hands-it-on");
    assertThat(read("env:databricks-token-prod").reveal()).isEqualTo(VALUE);
    assertThat(failure("env:databricks-token-qa"))
        .hasMessageContaining("the environment variable databricks-token-qa is not set");
  }

  @Test
  void aFileNextToThePlatformFileIsReadWithoutItsLineBreak() throws IOException {
    Files.writeString(folder.resolve("prod.token"), VALUE + "\n");
    assertThat(read("file:prod.token").reveal()).isEqualTo(VALUE);
    assertThat(read("file:" + folder.resolve("prod.token")).reveal()).isEqualTo(VALUE);
  }

  @Test
  void aRotatedSecretIsUsedFromTheNextReadOn() throws IOException {
    Files.writeString(folder.resolve("prod.token"), "old");
    assertThat(read("file:prod.token").reveal()).isEqualTo("old");
    Files.writeString(folder.resolve("prod.token"), "new");
    assertThat(read("file:prod.token").reveal()).isEqualTo("new");
  }

  @Test
  void aMissingSecretIsNamedWithItsRemedy() {
    assertThat(failure("env:PROD_TOKEN").getOriginalMessage())
        .isEqualTo(
            """
            read the secret env:PROD_TOKEN failed in this worker: the environment variable \
            PROD_TOKEN is not set where the worker runs
              Set it and restart the worker.\
            """);
    assertThat(failure("file:prod.token").getOriginalMessage())
        .isEqualTo(
            """
            read the secret file:prod.token failed in this worker: no file %s
              Write the login into that file, on one line, readable only by the worker.\
            """
                .formatted(folder.resolve("prod.token")));
  }

  @Test
  void aMissingSecretIsNotRetried() {
    ApplicationFailure failure = failure("env:PROD_TOKEN");
    assertThat(failure.getType()).isEqualTo(FailureKind.USER.type());
    assertThat(failure.isNonRetryable()).isTrue();
  }

  @Test
  void anEmptyOrBrokenSecretIsAFindingThatShowsNothingOfIt() throws IOException {
    environment.put("EMPTY", " ");
    environment.put("TWO_LINES", VALUE + "\r\nX-Other: 1");
    Files.writeString(folder.resolve("empty"), "\n");
    Files.write(folder.resolve("binary"), new byte[] {(byte) 0xc3, (byte) 0x28});
    Files.write(folder.resolve("huge"), "x".repeat(20_000).getBytes(StandardCharsets.UTF_8));
    Files.createDirectory(folder.resolve("folder"));

    assertThat(failure("env:EMPTY")).hasMessageContaining("is empty");
    assertThat(failure("env:TWO_LINES"))
        .hasMessageContaining("line break")
        .message()
        .doesNotContain(VALUE);
    assertThat(failure("file:empty")).hasMessageContaining("is empty");
    assertThat(failure("file:binary")).hasMessageContaining("is not text");
    assertThat(failure("file:huge")).hasMessageContaining("longer than any login");
    assertThat(failure("file:folder")).hasMessageContaining("is not a file");
  }

  @Test
  void theLoginForAVaultIsInNoVault() {
    assertThat(failure("keyvault:ml-vault/token"))
        .hasMessageContaining("read the secret keyvault:ml-vault/token")
        .hasMessageContaining("can't be kept in Key Vault")
        .hasMessageContaining("env:NAME or file:PATH");
  }

  @Test
  void aSecretShowsItsValueOnlyOnRequest() throws IOException {
    Secret secret = Secret.of(VALUE);
    assertThat(secret.toString()).isEqualTo("(secret)");
    assertThat("token " + secret).doesNotContain(VALUE);
    String json =
        new ObjectMapper()
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .writeValueAsString(secret);
    assertThat(json).doesNotContain(VALUE);
  }

  private Secret read(String reference) {
    return secrets.read(SecretReference.parse(reference).orElseThrow());
  }

  private ApplicationFailure failure(String reference) {
    return catchThrowableOfType(ApplicationFailure.class, () -> read(reference));
  }
}
