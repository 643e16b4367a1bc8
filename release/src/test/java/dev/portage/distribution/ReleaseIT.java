package dev.portage.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive for Linux as people have it: unpacked into a folder whose name holds a space, and run
 * where no other Java can be found.
 */
class ReleaseIT {

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("portage.root"))).toAbsolutePath();

  /** What a launcher may use of a machine; not Java. */
  private static final List<String> TOOLS =
      List.of("sh", "dirname", "readlink", "mkdir", "mv", "rm", "git", "env");

  @TempDir private static Path folder;

  private static Path home = Path.of("");

  /** What a command came to. */
  record Ran(int code, String out) {}

  @BeforeAll
  static void unpack() throws IOException, InterruptedException {
    assumeTrue(
        "Linux".equals(System.getProperty("os.name"))
            && "amd64".equals(System.getProperty("os.arch")),
        "runs on Linux on x64");
    assumeTrue(Files.isDirectory(ROOT.resolve(".portage/runtimes")), "run build/runtimes first");
    assumeTrue(
        Files.exists(ROOT.resolve("release/target/bom.json")),
        "Maven makes the bill of materials only when it is online");
    Release release = new Release(ROOT, "0.1.0", Instant.parse("2026-11-21T00:00:00Z"));
    List<Path> made = release.make(folder.resolve("out"), List.of(Platform.LINUX_X64));
    Path place = Files.createDirectories(folder.resolve("a folder (x64)"));
    assertThat(
            run(
                    Map.of("PATH", "/usr/bin:/bin"),
                    "tar",
                    "-xzf",
                    made.getFirst().toString(),
                    "-C",
                    place.toString())
                .code())
        .isZero();
    home = place.resolve("portage-0.1.0-linux-x64");
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : TOOLS) {
      for (String bin : List.of("/usr/bin/", "/bin/")) {
        if (Files.exists(Path.of(bin + tool)) && Files.notExists(tools.resolve(tool))) {
          Path script = tools.resolve(tool);
          Files.writeString(script, "#!/bin/sh\nexec " + bin + tool + " \"$@\"\n");
          Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
      }
    }
  }

  @Test
  void theCommandRunsByItsOwnJavaAndPreparesFastStartsOnce() throws Exception {
    assertThat(run(machine(), "sh", "-c", "command -v java").code())
        .as("there is no Java")
        .isNotZero();
    Path link =
        Files.createSymbolicLink(folder.resolve("linked-portage"), home.resolve("bin/portage"));

    // Two at once: one prepares, neither waits for the other, and both answer.
    Process other = start(machine(), portage(), "--help");
    Ran first = run(machine(), link.toString(), "--version");
    String help = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(first.code()).as(first.out()).isZero();
    assertThat(first.out()).contains("portage 0.1.0");
    assertThat(other.waitFor()).as(help).isZero();
    assertThat(help).contains("approve");
    assertThat(Files.size(home.resolve("lib/portage.aot"))).isPositive();
    assertThat(home.resolve("lib/portage.aot.new")).doesNotExist();
    assertThat(run(machine(), portage(), "--version").out()).isEqualTo("portage 0.1.0\n");
    // The JVM itself says whether it could use what was cached.
    Map<String, String> strict = machine();
    strict.put("PORTAGE_JAVA_OPTS", "-XX:AOTMode=on");
    assertThat(run(strict, portage(), "list", "--help").code()).isZero();
  }

  @Test
  void listAsksARealServer() throws Exception {
    Path temporal = ROOT.resolve(".portage/bin/temporal");
    assumeTrue(Files.isExecutable(temporal), "run build/temporal first");
    String port = freePort();
    Process server =
        start(
            Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString()),
            temporal.toString(),
            "server",
            "start-dev",
            "--headless",
            "--ip",
            "127.0.0.1",
            "--port",
            port);
    try {
      awaitStart(server);
      Map<String, String> environment = machine();
      environment.put("TEMPORAL_ADDRESS", "127.0.0.1:" + port);

      Ran ran = run(environment, portage(), "list");

      assertThat(ran.code()).as(ran.out()).isZero();
      assertThat(ran.out()).contains("no promotions found");
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  @Test
  void argumentsArriveAsTheyWereTypedAndTheExitCodeComesBack() throws Exception {
    Ran ran = run(machine(), portage(), "list", "--model", "two words \"quoted\" $HOME *");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).contains("\"two words \"quoted\" $HOME *\" is not a valid model name");
  }

  @Test
  void theWorkerIsInIt() throws Exception {
    Ran ran = run(machine(), portage(), "worker", "--help");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out()).contains("--workspaces");
    assertThat(run(machine(), portage(), "help", "worker").out()).isEqualTo(ran.out());
  }

  @Test
  void aJavaThatIsNotThereIsTold() throws Exception {
    Map<String, String> environment = machine();
    environment.put("PORTAGE_JAVA_HOME", "/absent/java");

    Ran ran = run(environment, portage(), "--version");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out())
        .contains("no Java at /absent/java/bin/java")
        .contains("PORTAGE_JAVA_HOME");
  }

  @Test
  void whatIsRedistributedIsNamedWithItsLicence() throws IOException {
    assertThat(home.resolve("NOTICE"))
        .content()
        .contains("OpenJDK 25", "Classpath Exception", "runtime/legal", "bom.json");
    assertThat(home.resolve("runtime/legal/java.base/LICENSE")).isRegularFile();
    String bill = Files.readString(home.resolve("bom.json"));
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      assertThat(
              jars.map(jar -> String.valueOf(jar.getFileName()))
                  .filter(name -> name.endsWith(".jar") && !name.startsWith("portage-"))
                  .map(name -> name.replaceFirst("-\\d.*", "")))
          .allSatisfy(name -> assertThat(bill).contains("\"" + name + "\""));
    }
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      assertThat(jars.map(jar -> String.valueOf(jar.getFileName())))
          .noneMatch(name -> name.contains("sandbox") || name.contains("junit"));
    }
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  private static void awaitStart(Process server) throws IOException {
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    List<String> said = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      if (line.contains("Server:")) {
        return;
      }
    }
    throw new AssertionError("the server ended: " + said);
  }

  private static String portage() {
    return home.resolve("bin/portage").toString();
  }

  /** A machine without Java, where nobody is signed in. */
  private static Map<String, String> machine() {
    return new TreeMap<>(
        Map.of(
            "PATH", folder.resolve("tools").toString(),
            "HOME", folder.toString(),
            "USER", "ana"));
  }

  private static Process start(Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private static Ran run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Process process = start(environment, command);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), out);
  }
}
