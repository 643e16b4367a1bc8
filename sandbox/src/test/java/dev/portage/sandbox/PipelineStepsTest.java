package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of the pipeline's template, run by bash as an agent runs them. */
class PipelineStepsTest {

  private static final String KEY = "a-secret-key-of-temporal";

  private final Path agent;
  private final Map<String, String> variables = new HashMap<>();

  PipelineStepsTest(@TempDir Path agent) throws IOException {
    this.agent = agent;
    for (String folder : List.of("temp", "tools", "bin", "sources")) {
      Files.createDirectories(agent.resolve(folder));
    }
    variables.put("PATH", agent.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
    variables.put("HOME", agent.toString());
    variables.put("TF_BUILD", "True");
    variables.put("AGENT_TEMPDIRECTORY", agent.resolve("temp").toString());
    variables.put("AGENT_TOOLSDIRECTORY", agent.resolve("tools").toString());
    variables.put("BUILD_BUILDID", "77");
  }

  /** What a script did. */
  record Ran(int code, String out) {}

  @Test
  void theReleaseIsInstalledByItsHashAndFoundAgain() throws IOException {
    Path archive = release("the pinned one");
    pin(archive, sha256(archive));

    Ran first = run("install");
    Files.delete(archive);
    Ran second = run("install");

    assertThat(first.code()).as(first.out()).isZero();
    assertThat(first.out())
        .contains("the pinned one --version")
        .contains("##vso[task.prependpath]" + agent.resolve("tools/portage"));
    assertThat(second.code()).as("nothing is downloaded twice: " + second.out()).isZero();
    try (Stream<Path> left = Files.list(agent.resolve("tools/portage"))) {
      assertThat(left).hasSize(1);
    }
    assertThat(agent.resolve("temp/portage.tar.gz")).doesNotExist();
  }

  @Test
  void anotherFileThanThePinnedOneIsNotRun() throws IOException {
    Path archive = release("another one");
    pin(archive, "0".repeat(64));

    Ran ran = run("install");

    assertThat(ran.code()).isNotZero();
    assertThat(ran.out())
        .contains("##vso[task.logissue type=error]")
        .contains("has the SHA-256 " + sha256(archive))
        .doesNotContain("another one --version", "prependpath");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../../bin", "$(releaseSha256)", "ABC"})
  void whatIsNoHashInstallsNothing(String hash) throws IOException {
    pin(release("any"), hash);

    Ran ran = run("install");

    assertThat(ran.code()).isNotZero();
    assertThat(ran.out()).contains("releaseSha256 is not a SHA-256");
  }

  @Test
  void aReleaseThatCannotBeDownloadedIsToldWithoutItsAddress() throws IOException {
    // An address may hold a signature that grants access.
    pin(agent.resolve("absent.tar.gz"), "0".repeat(64));

    Ran ran = run("install");

    assertThat(ran.code()).isNotZero();
    assertThat(ran.out()).contains("can't download Portage from releaseUrl");
  }

  @Test
  @Tag("S0.16")
  void theKeyComesFromTheVaultAndStandsInNoLogAndOnNoCommandLine() throws IOException {
    program("az", "echo \"az $*\" >>'" + agent + "/lines'; printf %s '" + KEY + "'");
    portage();
    variables.putAll(
        Map.of(
            "LOGIN",
            "api-key",
            "KEY_VAULT",
            "logins",
            "API_KEY_NAME",
            "temporal-api-key",
            "CERTIFICATE_NAME",
            "c",
            "CERTIFICATE_KEY_NAME",
            "k"));

    Ran vault = run("vault");
    Path file = agent.resolve("temp/portage-login/api-key");
    String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    Ran start = start();

    assertThat(vault.code()).as(vault.out()).isZero();
    assertThat(rights).isEqualTo("rw-------");
    assertThat(start.code()).as(start.out()).isZero();
    assertThat(Files.readString(agent.resolve("environment")))
        .contains("TEMPORAL_API_KEY=" + KEY)
        .contains("TEMPORAL_TLS=true")
        .doesNotContain("\nAPI_KEY=");
    assertThat(vault.out() + start.out() + Files.readString(agent.resolve("lines")))
        .contains("keyvault secret show --vault-name logins --name temporal-api-key")
        .doesNotContain(KEY);
  }

  @Test
  void theKeyMayBeASecretVariable() throws IOException {
    portage();
    variables.putAll(Map.of("LOGIN", "api-key", "API_KEY", KEY));

    assertThat(start().code()).isZero();
    assertThat(Files.readString(agent.resolve("environment"))).contains("TEMPORAL_API_KEY=" + KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "$(temporal-api-key)"})
  void aKeyThatIsNotSetIsTold(String value) throws IOException {
    portage();
    variables.putAll(Map.of("LOGIN", "api-key", "API_KEY", value));

    Ran ran = start();

    assertThat(ran.code()).isNotZero();
    assertThat(ran.out())
        .contains("##vso[task.logissue type=error]the API key of Temporal is missing");
    assertThat(agent.resolve("lines")).doesNotExist();
  }

  @Test
  void aCertificateIsReadFromItsFiles() throws IOException {
    portage();
    Path certificate = Files.writeString(agent.resolve("c.pem"), "certificate");
    Path key = Files.writeString(agent.resolve("k.pem"), "key");
    variables.putAll(
        Map.of(
            "LOGIN", "certificate",
            "CERTIFICATE", certificate.toString(),
            "CERTIFICATE_KEY", key.toString()));

    assertThat(start().code()).isZero();
    assertThat(Files.readString(agent.resolve("environment")))
        .contains("TEMPORAL_TLS_CLIENT_CERT_PATH=" + certificate)
        .contains("TEMPORAL_TLS_CLIENT_KEY_PATH=" + key)
        .doesNotContain("TEMPORAL_API_KEY");

    Files.delete(key);
    assertThat(start().out()).contains("the certificate of Temporal or its key is missing");
  }

  @Test
  void theCommandGetsItsFileAsOneArgumentWhateverItsName() throws IOException {
    portage();
    variables.put("PROMOTION_FILE", "models/$(touch x) a\"b/promotion.yaml");

    assertThat(start().code()).isZero();
    assertThat(Files.readString(agent.resolve("lines")))
        .isEqualTo(
            "[start][models/$(touch x) a\"b/promotion.yaml][--wait-for][approval][--output][azure-devops]\n");
  }

  @Test
  @Tag("S0.14")
  void aModelBesideThePipelineIsPromotedByItsOwnCommit() throws IOException {
    portage();
    variables.put("REPOSITORY", "model");
    program(
        "git",
        "case $1 in rev-parse) echo 0123456789abcdef0123456789abcdef01234567 ;;"
            + " *) echo https://example.com/models/churn ;; esac");

    assertThat(start().code()).isZero();
    assertThat(Files.readString(agent.resolve("lines")))
        .contains("[--commit][0123456789abcdef0123456789abcdef01234567]")
        .contains("[--repository][https://example.com/models/churn]");
  }

  @Test
  void whatTheCommandEndsWithIsWhatTheStepEndsWith() throws IOException {
    program("portage", "exit 3");

    assertThat(start().code()).isEqualTo(3);
  }

  @Test
  void aRollbackIsStartedInsteadOfAPromotion() throws IOException {
    portage();
    variables.putAll(
        Map.of(
            "ROLLBACK",
            "churn",
            "REASON",
            "it doubles; rm -rf /",
            "VERSION",
            "3",
            "WORKSPACE",
            ""));

    Ran start = start();

    assertThat(start.code()).as(start.out()).isZero();
    assertThat(Files.readString(agent.resolve("lines")))
        .contains("[rollback][churn][--reason][it doubles; rm -rf /][--yes]")
        .contains("[--output][azure-devops][--to][3]")
        .doesNotContain("[start]");
  }

  private Ran start() {
    variables.putIfAbsent("PROMOTION_FILE", "promotion.yaml");
    variables.putIfAbsent("REPOSITORY", "self");
    variables.putIfAbsent("WAIT_FOR", "approval");
    variables.putIfAbsent("PORTAGE_TEMPORAL_UI", "");
    variables.putIfAbsent("LOGIN", "none");
    return run("promotion");
  }

  private Ran run(String step) {
    return run(PipelineFile.TEMPLATE.script(step), agent.resolve("sources"), variables);
  }

  /** Runs a script as the agent does: from a file, with its variables and no others. */
  static Ran run(String script, Path folder, Map<String, String> variables) {
    try {
      Path file = Files.createTempFile("portage-step-", ".sh");
      Files.writeString(file, script);
      ProcessBuilder builder =
          new ProcessBuilder("bash", "--noprofile", "--norc", file.toString())
              .directory(folder.toFile())
              .redirectErrorStream(true);
      builder.environment().clear();
      builder.environment().putAll(variables);
      Process process = builder.start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      Files.delete(file);
      return new Ran(code, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A command that notes how it was called and with which variables. */
  private void portage() throws IOException {
    program(
        "portage",
        "printf '[%s]' \"$@\" >>'"
            + agent
            + "/lines'; echo >>'"
            + agent
            + "/lines'; env >'"
            + agent
            + "/environment'");
  }

  private Path program(String name, String script) throws IOException {
    return executable(agent.resolve("bin").resolve(name), script);
  }

  private static Path executable(Path file, String script) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  /** An archive as a release has it, whose command prints a name. */
  private Path release(String name) throws IOException {
    Path folder = agent.resolve("portage-0.1.0-linux-x64");
    executable(folder.resolve("bin/portage"), "echo '" + name + "' \"$@\"");
    Path archive = agent.resolve("release.tar.gz");
    Ran packed =
        run(
            "tar -czf '" + archive + "' -C '" + agent + "' portage-0.1.0-linux-x64",
            agent,
            Map.of("PATH", "/usr/bin:/bin"));
    assertThat(packed.code()).as(packed.out()).isZero();
    return archive;
  }

  private void pin(Path archive, String hash) {
    variables.put("RELEASE_URL", archive.toUri().toString());
    variables.put("RELEASE_SHA256", hash);
  }

  private static String sha256(Path file) {
    return run(
            "sha256sum '" + file + "' | cut -d ' ' -f 1",
            Objects.requireNonNull(file.getParent()),
            Map.of("PATH", "/usr/bin:/bin"))
        .out()
        .strip();
  }
}
