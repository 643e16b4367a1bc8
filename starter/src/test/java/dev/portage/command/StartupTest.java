package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command loads before it does anything: that is what a person waits for. */
class StartupTest {

  private static final List<String> SLOW =
      List.of("io.grpc.", "io.temporal.", "ch.qos.logback.", "com.fasterxml.jackson.databind.");

  private final Path folder;

  StartupTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Shows every help there is, in a JVM of its own. */
  static final class EveryHelp {

    private EveryHelp() {}

    public static void main(String[] arguments) {
      PortageCommand.quieten();
      CommandEnvironment environment = CommandEnvironment.ofProcess();
      PortageCommand.run(environment, "--help");
      PortageCommand.run(environment, "--version");
      for (String command : arguments) {
        PortageCommand.run(environment, command, "--help");
      }
    }
  }

  @Test
  void helpLoadsNeitherTemporalNorLoggingNorJson() throws IOException, InterruptedException {
    Set<String> commands = HelpTest.listed(new Terminal(folder, Map.of()).run("--help").out());
    assertThat(commands).contains("list", "start", "approve", "doctor");
    commands.remove("help");

    List<String> loaded = loadedBy(EveryHelp.class, commands);

    assertThat(loaded).contains("picocli.CommandLine", ListCommand.class.getName());
    assertThat(loaded).filteredOn(name -> SLOW.stream().anyMatch(name::startsWith)).isEmpty();
  }

  @Test
  void whatTheLauncherCachesLoadsWhatCommandsNeed() throws IOException, InterruptedException {
    List<String> loaded = loadedBy(Warmup.class, Set.of(folder.resolve("work").toString()));

    assertThat(loaded)
        .contains(
            "dev.portage.page.ListPage",
            "dev.portage.watch.PromotionList",
            "io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse")
        .noneMatch(name -> name.startsWith("ch.qos.logback."));
  }

  private List<String> loadedBy(Class<?> main, Set<String> arguments)
      throws IOException, InterruptedException {
    Path log = folder.resolve("loaded.txt");
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(property("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load=info:file=" + log + ":none",
                "-cp",
                property("java.class.path"),
                main.getName()));
    line.addAll(arguments);
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return Files.readAllLines(log).stream().map(entry -> entry.replaceFirst(" .*", "")).toList();
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }
}
