package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portage.checkout.TemporaryRepository;
import dev.portage.connection.SilentTemporal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Ctrl-C leaves on the screen: whether what was started goes on. */
@Timeout(120)
class LastWordTest {

  /** Resets what a test run in the background inherits: that an interrupt is ignored. */
  private static final Path ENV = Path.of("/usr/bin/env");

  private final Path folder;

  LastWordTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A command as its own process, which an interrupt reaches. */
  private record Running(Process process, BufferedReader out, BufferedReader err) {

    /** Reads until a line that contains something. */
    static void until(BufferedReader lines, String part) throws IOException {
      @Nullable String line = lines.readLine();
      while (line != null && !line.contains(part)) {
        line = lines.readLine();
      }
      assertThat(line).as("a line with " + part).isNotNull();
    }

    /** Sends what Ctrl-C sends, and returns what stands on standard error then. */
    String interrupted() throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      String said = err.lines().collect(Collectors.joining("\n"));
      assertThat(process.waitFor()).isEqualTo(130);
      return said;
    }
  }

  @BeforeEach
  void interruptsCanBeSent() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(ENV));
    Process reset = new ProcessBuilder(ENV.toString(), "--default-signal=INT", "true").start();
    assumeTrue(reset.waitFor() == 0, "no env that resets signals");
  }

  @Test
  void whoLeavesAStartReadsThatThePromotionGoesOn() throws IOException, InterruptedException {
    String commit = new TemporaryRepository(folder).commitProject("churn");
    try (Town town = new Town(folder).working()) {
      Running start = run(town.address(), "start", "promotion.yaml", "--wait-for", "end");
      Running.until(start.out(), "portage approve");

      String id = "promotion/churn/" + commit.substring(0, 12);
      assertThat(start.interrupted()).isEqualTo(id + " goes on; follow it: portage watch " + id);
    }
  }

  @Test
  void whoLeavesARollbackReadsThatItGoesOn() throws IOException, InterruptedException {
    try (Town town = new Town(folder).working()) {
      Running rollback =
          run(town.address(), "rollback", "stays", "--reason", "it doubles", "--yes");
      Running.until(rollback.out(), "prod/look");

      assertThat(rollback.interrupted())
          .isEqualTo(
              "rollback/prod/stays/1 goes on; follow it: portage watch rollback/prod/stays/1");
    }
  }

  @Test
  void whoLeavesBeforeAnythingWasStartedReadsThat() throws IOException, InterruptedException {
    try (SilentTemporal temporal = SilentTemporal.mute()) {
      Running rollback =
          run(temporal.address(), "rollback", "churn", "--reason", "it doubles", "--yes");
      Running.until(rollback.err(), "connecting to Temporal");

      assertThat(rollback.interrupted()).isEqualTo("nothing was started");
    }
  }

  @Test
  void whatEndedByItselfLeavesNoWord() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    LastWord word = new LastWord(new PrintStream(err, true, StandardCharsets.UTF_8), false);
    word.is("nothing was started");
    word.unsaid();

    word.say();

    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private Running run(String temporal, String... arguments) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                ENV.toString(),
                "--default-signal=INT",
                Path.of(property("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                property("java.class.path"),
                PortageCommand.class.getName()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().put("TEMPORAL_ADDRESS", temporal);
    builder.environment().put("TEMPORAL_NAMESPACE", "default");
    builder.environment().put("PORTAGE_USER", "ana@example.com");
    Process process = builder.start();
    process.getOutputStream().close();
    return new Running(
        process,
        process.inputReader(StandardCharsets.UTF_8),
        process.errorReader(StandardCharsets.UTF_8));
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }
}
