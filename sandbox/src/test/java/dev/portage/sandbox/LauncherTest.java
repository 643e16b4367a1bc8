package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.spi.ToolProvider;
import javax.tools.JavaCompiler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher of a checkout, in one whose build copies a jar: when it builds, and what it starts.
 */
class LauncherTest {

  private static final Path ROOT = SandboxCommand.root();

  @TempDir private Path folder;
  private Path checkout = Path.of("");

  /** What became of a command. */
  record Ran(int code, String out) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = folder.resolve("a checkout");
    copy("portage");
    copy("build/Build.java");
    copy("release/src/main/launcher/command.options");
    copy("release/src/main/launcher/worker.options");
    write("pom.xml", "");
    write("starter/src/main/java/Source.java", "");
    jar();
    maven(
        "echo built >>builds; mkdir -p sandbox/target/dist/lib; cp made.jar sandbox/target/dist/lib/");
  }

  @Test
  void itBuildsWhatIsMissingOrOutdatedAndNothingElse() throws Exception {
    Ran first = portage("status", "two words", "$HOME");
    Ran second = portage("demo");
    touch("starter/src/main/java/Source.java");
    portage("worker", "--port", "1");

    assertThat(first.code()).as(first.out()).isEqualTo(3);
    assertThat(first.out())
        .contains("portage: building")
        .endsWith("PortageCommand [status, two words, $HOME]\n");
    assertThat(second.out()).isEqualTo("SandboxCommand [demo]\n");
    assertThat(checkout.resolve("builds")).hasContent("built\nbuilt\n");
    assertThat(portage("help", "worker").out()).isEqualTo("WorkerCommand [worker, --help]\n");
  }

  @Test
  void helpInAFreshCheckoutTellsAtOnceWhyItTakesSoLong() throws Exception {
    Ran help = portage("demo", "--help");

    assertThat(help.out())
        .startsWith("portage: this text is part of the program, which has to be built first")
        .contains("docs/command.md lists all commands")
        .endsWith("SandboxCommand [demo, --help]\n");
  }

  @Test
  void helpOfAnOutdatedBuildBuildsNothingAndSaysSo() throws Exception {
    portage("list");
    touch("starter/src/main/java/Source.java");

    for (List<String> line :
        List.of(List.of("demo", "--help"), List.of("--version"), List.of("help", "worker"))) {
      assertThat(portage(line.toArray(String[]::new)).out())
          .startsWith("portage: this is what the last build says; it is older than the sources");
    }
    assertThat(checkout.resolve("builds")).hasContent("built\n");
    portage("list");
    assertThat(checkout.resolve("builds")).hasContent("built\nbuilt\n");
  }

  @Test
  void commandsThatStartAtOnceBuildOnce() throws Exception {
    List<Process> started = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      started.add(start("list"));
    }
    for (Process process : started) {
      Ran ran = end(process);
      assertThat(ran.code()).as(ran.out()).isEqualTo(3);
    }

    assertThat(checkout.resolve("builds")).hasContent("built\n");
  }

  @Test
  void aBuildThatFailsIsToldByItsErrorsAndTriedAgain() throws Exception {
    maven("echo '[INFO] fine'; echo '[ERROR] /a/File.java:[1,2] wrong'; exit 1");
    Ran failed = portage("list");
    maven("mkdir -p sandbox/target/dist/lib; cp made.jar sandbox/target/dist/lib/");
    Ran mended = portage("list");

    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.out())
        .contains("[ERROR] /a/File.java:[1,2] wrong", "the build failed; see")
        .doesNotContain("fine");
    assertThat(mended.code()).as(mended.out()).isEqualTo(3);
  }

  /** Programs that print what they were given, and end with 3. */
  private void jar() throws IOException {
    for (String name :
        List.of(
            "dev.portage.command.PortageCommand",
            "dev.portage.worker.WorkerCommand",
            "dev.portage.sandbox.SandboxCommand")) {
      int dot = name.lastIndexOf('.');
      write(
          "fake/" + name.replace('.', '/') + ".java",
          """
          package %s;
          public class %s {
            public static void main(String[] arguments) {
              System.out.println("%s " + java.util.List.of(arguments));
              System.exit(3);
            }
          }
          """
              .formatted(name.substring(0, dot), name.substring(dot + 1), name.substring(dot + 1)));
    }
    Path fake = checkout.resolve("fake");
    JavaCompiler compiler =
        Objects.requireNonNull(javax.tools.ToolProvider.getSystemJavaCompiler());
    List<String> sources;
    try (var files = Files.walk(fake)) {
      sources = files.map(Path::toString).filter(file -> file.endsWith(".java")).toList();
    }
    assertThat(compiler.run(null, null, null, sources.toArray(String[]::new))).isZero();
    assertThat(
            ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                    System.out,
                    System.err,
                    "--create",
                    "--file",
                    checkout.resolve("made.jar").toString(),
                    "-C",
                    fake.toString(),
                    "dev"))
        .isZero();
  }

  private void maven(String script) throws IOException {
    write("mvnw", "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(
        checkout.resolve("mvnw"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void copy(String path) throws IOException {
    Path to = checkout.resolve(path);
    Files.createDirectories(Objects.requireNonNull(to.getParent()));
    Files.copy(ROOT.resolve(path), to);
  }

  private void write(String path, String text) throws IOException {
    Path file = checkout.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private void touch(String path) throws IOException {
    Files.setLastModifiedTime(checkout.resolve(path), FileTime.from(Instant.now()));
  }

  private Ran portage(String... arguments) throws IOException, InterruptedException {
    return end(start(arguments));
  }

  private Process start(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("sh", checkout.resolve("portage").toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                "/usr/bin:/bin",
                "LC_ALL",
                "C.UTF-8",
                "PORTAGE_JAVA_HOME",
                Objects.requireNonNull(System.getProperty("java.home"))));
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private static Ran end(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), out);
  }
}
