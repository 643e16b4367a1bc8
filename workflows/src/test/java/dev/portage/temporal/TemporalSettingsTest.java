package dev.portage.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemporalSettingsTest {

  private static final String SECRET = "hunter2-and-more";

  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> files = new HashMap<>();

  @Test
  void nothingIsKnownIfNothingIsSet() {
    assertThat(settings().address()).isEmpty();
    assertThat(settings().namespace()).isEqualTo("default");
  }

  @Test
  void variablesWinOverTheProfile() {
    files.put(
        "/home/ana/.config/temporalio/temporal.toml",
        """
        [profile.default]
        address = "one.example.com:7233"
        namespace = "one"
        [profile.prod]
        address = "two.example.com:7233"
        namespace = "two"
        """);
    assertThat(settings().address()).contains("one.example.com:7233");

    environment.put("TEMPORAL_PROFILE", "prod");
    assertThat(settings().address()).contains("two.example.com:7233");
    assertThat(settings().namespace()).isEqualTo("two");

    environment.put("TEMPORAL_ADDRESS", "three.example.com:7233");
    assertThat(settings().address()).contains("three.example.com:7233");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:7233",
        "localhost:1",
        "temporal:65535",
        "ns.acct.tmprl.cloud:7233",
        "[::1]:7233",
        "dns:///temporal.example.com:7233",
        " temporal:7233 "
      })
  void anAddressHasHostAndPort(String address) {
    environment.put("TEMPORAL_ADDRESS", address);

    assertThat(settings().address()).contains(address.strip());
    assertThat(settings().stubs().build().getTarget()).isEqualTo(address.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:hunter2-and-more@host",
        "http://user:hunter2-and-more@host:7233",
        "user:hunter2-and-more@host:7233",
        "https://host:7233",
        "grpc://host:7233",
        "host",
        "no port",
        "::1",
        "[::1]",
        ":7233",
        "host:",
        "host:0",
        "host:99999",
        "host:65536",
        "host:7233x",
        "host:-1",
        "a,b:7233",
        "host:7233/path",
        "host :7233",
        "host\n:7233",
        "unix:/run/temporal.sock"
      })
  void invalidValuesAreRefusedWithWhatIsAllowedAndNotShown(String address) {
    environment.put("TEMPORAL_ADDRESS", address);

    assertThatThrownBy(this::settings)
        .isInstanceOf(WrongSettingsException.class)
        .hasNoCause()
        .hasMessageStartingWith("TEMPORAL_ADDRESS is not a valid Temporal address: ")
        .hasMessageEndingWith("use HOST:PORT, such as 127.0.0.1:7233")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void anAddressFromAFileIsCheckedToo() {
    environment.put("TEMPORAL_CONFIG_FILE", "/t.toml");
    files.put("/t.toml", "[profile.default]\naddress = \"http://x\"\n");

    assertThatThrownBy(this::settings)
        .hasMessageStartingWith("the address in /t.toml is not a valid");
    assertThatThrownBy(() -> TemporalSettings.of("x", "default", "temporal.address in s.json"))
        .hasMessageStartingWith("temporal.address in s.json is not a valid");
  }

  @Test
  void aNamedFileMustExist() {
    environment.put("TEMPORAL_CONFIG_FILE", "/nowhere.toml");
    assertThatThrownBy(this::settings)
        .hasMessageContaining("TEMPORAL_CONFIG_FILE names /nowhere.toml, which does not exist");

    environment.put("TEMPORAL_CONFIG_FILE", "/folder");
    assertThatThrownBy(this::settings).hasMessageContaining("/folder (FileNotFoundException)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[profile.default]\napi_key = \"hunter2-and-more\n",
        "[profile.default]\napi_key = hunter2-and-more\n",
        "[profile\n",
        "profile = \"hunter2-and-more\"\n",
        "[profile.default]\ntls = \"hunter2-and-more\"\n",
        "\u0000\u0001"
      })
  void aBrokenFileIsReportedWithoutItsContent(String text) {
    environment.put("TEMPORAL_CONFIG_FILE", "/t.toml");
    files.put("/t.toml", text);

    assertThatThrownBy(this::settings)
        .isInstanceOf(WrongSettingsException.class)
        .hasNoCause()
        .hasMessageContaining("/t.toml")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void anUnknownProfileIsReportedWithTheExistingOnes() {
    environment.put("TEMPORAL_PROFILE", "prd");
    assertThatThrownBy(this::settings)
        .hasMessageStartingWith("TEMPORAL_PROFILE names \"prd\"; there are no profiles");

    environment.put("TEMPORAL_CONFIG_FILE", "/t.toml");
    files.put("/t.toml", "[profile.prod]\n[profile.dev]\n");
    assertThatThrownBy(this::settings).hasMessageEndingWith("/t.toml has: dev, prod");
  }

  @Test
  void certificatesMustExistAndBeValid() {
    environment.put("TEMPORAL_ADDRESS", "host:7233");
    environment.put("TEMPORAL_TLS_SERVER_CA_CERT_PATH", "/ca.pem");
    assertThatThrownBy(this::settings)
        .hasMessageContaining("TEMPORAL_TLS_SERVER_CA_CERT_PATH names /ca.pem")
        .hasMessageContaining("does not exist");

    files.put("/ca.pem", "hello");
    assertThatThrownBy(this::settings).hasMessageContaining("-----BEGIN CERTIFICATE-----");

    files.put("/ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(this::settings)
        .isInstanceOf(WrongSettingsException.class)
        .hasNoCause()
        .hasMessageContaining("must be PEM");

    environment.remove("TEMPORAL_TLS_SERVER_CA_CERT_PATH");
    environment.put("TEMPORAL_TLS_CLIENT_KEY_DATA", "-----BEGIN PRIVATE KEY-----" + SECRET);
    assertThatThrownBy(this::settings)
        .hasMessageContaining(", or neither")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void valuesThatCannotBeSentAreRefused() {
    environment.put("TEMPORAL_ADDRESS", "host:7233");
    environment.put("TEMPORAL_API_KEY", SECRET + "\n");
    assertThatThrownBy(this::settings)
        .hasMessageStartingWith("TEMPORAL_API_KEY contains a character")
        .hasMessageNotContaining(SECRET);

    environment.put("TEMPORAL_API_KEY", SECRET);
    environment.put("TEMPORAL_TLS", "maybe");
    assertThatThrownBy(this::settings).hasMessage("TEMPORAL_TLS must be true or false");

    environment.put("TEMPORAL_TLS", "");
    environment.put("TEMPORAL_GRPC_META_", "x");
    assertThatThrownBy(this::settings).isInstanceOf(WrongSettingsException.class).hasNoCause();
  }

  private TemporalSettings settings() {
    return TemporalSettings.of(environment, "/home/ana", "Linux", this::read);
  }

  private Optional<byte[]> read(String path) throws IOException {
    if (path.equals("/folder")) {
      throw new FileNotFoundException("Is a directory");
    }
    return Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8));
  }
}
