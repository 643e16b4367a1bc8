package dev.portage.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portage.sandbox.RealServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@DisabledOnOs(OS.WINDOWS)
@Execution(ExecutionMode.CONCURRENT)
class KeptProcessIT {
  @TempDir Path folder;

  /** A process that ignores SIGTERM, with a child that does, too. */
  private static final List<String> STUBBORN =
      List.of("sh", "-c", "trap '' TERM; sleep 600 & echo $!; wait; sleep 600");

  @Test
  void reportsTheCommandsPidAndExitCode() throws Exception {
    try (KeptProcess process = start("sh", "-c", "echo $$; exit 7")) {
      assertThat(process.ended().get(60, TimeUnit.SECONDS)).isEqualTo(7);
      assertThat(Files.readString(process.log()).strip()).isEqualTo(Long.toString(process.pid()));
    }
  }

  @Test
  void endsTheWholeGroupOnClose() throws Exception {
    KeptProcess process = start(STUBBORN.toArray(String[]::new));
    long child = childOf(process);

    process.close();

    assertThat(alive(process.pid())).isFalse();
    // An orphan is gone once the system has noticed its death.
    await().atMost(Duration.ofSeconds(60)).until(() -> !alive(child));
  }

  @Test
  void killsTheProcessLikeACrash() throws Exception {
    try (KeptProcess process = start("sleep", "600")) {
      process.kill();

      assertThat(process.ended().get(10, TimeUnit.SECONDS)).isEqualTo(137);
    }
  }

  @Test
  void leavesNothingBehindWhenItsOwnerIsKilled() throws Exception {
    Path pids = folder.resolve("pids");
    Process owner =
        new ProcessBuilder(
                Path.of(property("java.home"), "bin", "java").toString(),
                "-cp",
                property("java.class.path"),
                Owner.class.getName(),
                RealServers.keeper().python().toString(),
                folder.toString(),
                pids.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("owner.log").toFile())
            .start();
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(pids));
    List<Long> left = Files.readAllLines(pids).stream().map(Long::valueOf).toList();
    assertThat(left).hasSize(2).allMatch(KeptProcessIT::alive);

    owner.destroyForcibly().waitFor();

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> left.stream().noneMatch(KeptProcessIT::alive));
  }

  @Test
  void explainsAMissingProgram() {
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> start("no-such-program")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot run no-such-program");
  }

  private KeptProcess start(String... command) throws IOException {
    return KeptProcess.start(
        RealServers.keeper(), List.of(command), Map.of(), folder, folder.resolve("log"));
  }

  private static long childOf(KeptProcess process) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> LogTail.of(process.log(), 1).stream().anyMatch(line -> line.matches("\\d+")));
    return Long.parseLong(LogTail.of(process.log(), 1).getFirst());
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name));
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** A JVM that owns a stubborn process and then does nothing. */
  static final class Owner {
    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[1]);
      KeptProcess process =
          KeptProcess.start(
              KeptProcess.Keeper.in(folder, Path.of(arguments[0])),
              STUBBORN,
              Map.of(),
              folder,
              folder.resolve("stubborn.log"));
      long child = childOf(process);
      Path fresh = Path.of(arguments[2] + ".new");
      Files.writeString(fresh, process.pid() + "\n" + child + "\n");
      Files.move(fresh, Path.of(arguments[2]));
      Thread.sleep(Duration.ofHours(1));
    }
  }
}
