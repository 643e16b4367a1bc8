package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, as a newcomer runs it, except for the build. */
class DemoIT {

  @Test
  @Tag("S3.25")
  @Tag("S4.13")
  void oneCommandMovesTrafficDespiteAKilledWorkerAndTheWatchTakesALaterVersionBack(
      @TempDir Path folder) throws IOException, InterruptedException {
    // Installs once what the demo would otherwise install first.
    assertThat(RealServers.keeper()).isNotNull();
    Path said = folder.resolve("said.txt");
    Process demo =
        new ProcessBuilder(
                List.of(
                    Path.of(String.valueOf(System.getProperty("java.home")), "bin", "java")
                        .toString(),
                    // It lives for a minute, and is not what is measured.
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dportage.root=" + RealServers.root(),
                    "-cp",
                    String.valueOf(System.getProperty("java.class.path")),
                    "dev.portage.sandbox.SandboxCommand",
                    "demo",
                    "--yes",
                    "--kill",
                    "--rollback",
                    "--folder",
                    folder.resolve("demo").toString()))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .redirectInput(new File("/dev/null"))
            .start();
    try {
      assertThat(demo.waitFor(20, TimeUnit.MINUTES)).as(() -> read(said)).isTrue();
      assertThat(demo.exitValue()).as(() -> read(said)).isZero();
    } finally {
      demo.destroy();
    }
    assertThat(Files.readString(said))
        .contains("RELEASED")
        .contains("killed the worker of prod")
        .contains("version 1 of diabetes is recorded as the release that is live in prod")
        .containsPattern("50 % of the traffic, soak ends .*, 2 of 3 steps")
        .containsPattern("v1 \\d+ %, v2 \\d+ %")
        .contains("(worker of prod: 2 starts)")
        .contains("watch/prod/diabetes/3")
        .contains("rollback/prod/diabetes/1")
        .containsPattern("Requests to endpoint diabetes meanwhile: \\d{3,}, failed: 0")
        .contains("answered by diabetes-1", "answered by diabetes-2", "answered by diabetes-3");
    assertThat(
            ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains(folder.toString())))
        .as("it leaves nothing running")
        .isEmpty();
  }

  private static String read(Path said) {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
