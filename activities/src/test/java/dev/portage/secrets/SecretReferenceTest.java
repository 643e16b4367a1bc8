package dev.portage.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReferenceTest {

  @Test
  void eachFormIsReadAndWrittenUnchanged() {
    assertThat(SecretReference.parse("env:PROD_TOKEN"))
        .contains(new SecretReference.EnvironmentVariable("PROD_TOKEN"));
    assertThat(SecretReference.parse("file:dev.token"))
        .contains(new SecretReference.SecretFile("dev.token"));
    assertThat(SecretReference.parse("file:/run/secrets/prod"))
        .contains(new SecretReference.SecretFile("/run/secrets/prod"));
    assertThat(SecretReference.parse("keyvault:ml-vault/databricks-token-dev"))
        .contains(new SecretReference.VaultSecret("ml-vault", "databricks-token-dev", null));
    assertThat(SecretReference.parse("keyvault:ml-vault/token/0a1b2c").orElseThrow().text())
        .isEqualTo("keyvault:ml-vault/token/0a1b2c");
  }

  @Test
  void aFileUrlMeansAFile() {
    assertThat(SecretReference.parse("file:///run/secrets/prod"))
        .contains(new SecretReference.SecretFile("/run/secrets/prod"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dapi0123456789abcdef",
        "env:",
        "env:PROD TOKEN",
        "env:1ST",
        "file:",
        "keyvault:v",
        "keyvault:ml-vault",
        "keyvault:ml-vault/a/b/c",
        "vault:ml/x",
        ""
      })
  void otherTextIsNotTakenForAReference(String text) {
    assertThat(SecretReference.parse(text)).isEmpty();
  }
}
