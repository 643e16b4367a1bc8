package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.checkout.TemporaryRepository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong settings and arguments give exit code 2 and a one-line message, and nothing is tried. */
class WrongSettingsTest {

  private final Path folder;

  WrongSettingsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void aPromotion() {
    new TemporaryRepository(folder).commitProject("churn");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start promotion.yaml",
        "plan promotion.yaml",
        "status x/y",
        "watch x/y",
        "report x/y",
        "list",
        "approve x/y",
        "reject x/y",
        "resume x/y",
        "cancel x/y",
        "copy models:/churn/7 --from dev --to prod",
        "doctor"
      })
  void everyCommandRefusesAnInvalidAddress(String command) {
    Town.Ran ran =
        terminal(Map.of("TEMPORAL_ADDRESS", "http://user:hunter2@host")).run(command.split(" "));

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err())
        .contains("HOST:PORT")
        .doesNotContain("hunter2", "unexpected", "Exception");
  }

  @Test
  void invalidFilesProfilesCertificatesAndPagesAreRefused() throws IOException {
    Path broken = Files.writeString(folder.resolve("t.toml"), "api_key = \"hunter2\n");

    assertWrong(
        Map.of("TEMPORAL_CONFIG_FILE", folder.resolve("none").toString()), "does not exist");
    assertWrong(Map.of("TEMPORAL_CONFIG_FILE", broken.toString()), "t.toml:1 is not valid TOML");
    assertWrong(Map.of("TEMPORAL_CONFIG_FILE", folder.toString()), "(IOException)");
    assertWrong(Map.of("TEMPORAL_PROFILE", "prd", "TEMPORAL_ADDRESS", "host:1"), "names \"prd\"");
    assertWrong(
        Map.of("TEMPORAL_ADDRESS", "host:1", "TEMPORAL_TLS_SERVER_CA_CERT_PATH", broken.toString()),
        "not PEM");
    assertWrong(
        Map.of("TEMPORAL_ADDRESS", "host:1", "PORTAGE_TEMPORAL_UI", "http://me:hunter2@ui"),
        "PORTAGE_TEMPORAL_UI");
    assertWrong(
        Map.of("TEMPORAL_ADDRESS", "host:1", "PORTAGE_TEMPORAL_UI", "not a page"),
        "PORTAGE_TEMPORAL_UI");
  }

  private void assertWrong(Map<String, String> environment, String told) {
    Town.Ran ran = terminal(environment).run("list");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains(told).doesNotContain("hunter2", "unexpected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list --limit -1",
        "list --limit 0",
        "list --limit 1001",
        "list --limit x",
        "list --limit 99999999999",
        "start promotion.yaml --version 0",
        "start promotion.yaml --version -1",
        "start promotion.yaml --version 007",
        "start promotion.yaml --run-id x"
      })
  void anInvalidNumberIsAUsageError(String command) {
    Town.Ran ran = terminal(Map.of("TEMPORAL_ADDRESS", "127.0.0.1:1")).run(command.split(" "));

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void anUnknownOptionIsShownUnchanged() {
    Town.Ran ran = terminal(Map.of()).run("list", "--\u001b[2J\n##vso[task.complete]x");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).doesNotContain("\u001b").doesNotContain("##vso[").contains("\\u001b[2J");
  }

  @Test
  void aLostResponseIsAFailure() {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int one) throws IOException {
                throw new IOException("No space left on device");
              }
            },
            true);

    Town.Ran ran = terminal(Map.of()).run(full, "--help");

    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).isEqualToIgnoringNewLines("cannot write to standard output");
  }

  @Test
  void everythingIsReportedWithoutAHome() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Town.Ran ran =
        terminal(Map.of("XDG_CONFIG_HOME", ""))
            .run(new PrintStream(out, true, StandardCharsets.UTF_8), "list");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("no Temporal server is configured");
  }

  private Terminal terminal(Map<String, String> environment) {
    return new Terminal(folder, environment);
  }
}
