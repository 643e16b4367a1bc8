package dev.portage.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portage.sandbox.RealServers;
import dev.portage.sandbox.process.SupervisedProcess.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A server that dies is restarted, and one that can't be started is reported. */
@DisabledOnOs(OS.WINDOWS)
@Execution(ExecutionMode.CONCURRENT)
class SupervisedProcessIT {
  private static final Limits QUICK = new Limits(Duration.ofMillis(10), Duration.ofMillis(50), 3);

  @TempDir Path folder;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger changes = new AtomicInteger();

  @Test
  @Tag("S3.25")
  void aServerThatDiesIsRestartedAndReportedInOneLine() throws Exception {
    try (SupervisedProcess server = start("exec sleep 600")) {
      long first = server.pid();

      server.kill();

      await().atMost(Duration.ofSeconds(60)).until(() -> told.size() == 1);
      assertThat(told.getFirst())
          .startsWith("Server ended (killed by signal 9) and is running again after");
      assertThat(server.pid()).isNotEqualTo(first);
      assertThat(server.isAlive()).isTrue();
      assertThat(changes).hasValue(1);
    }
  }

  @Test
  void aServerThatCannotStartIsGivenUpWithTheReasonUntilRequested() throws Exception {
    Path broken = folder.resolve("broken");
    try (SupervisedProcess server = start("test -e broken && exit 3; exec sleep 600")) {
      Files.createFile(broken);
      server.kill();

      await().atMost(Duration.ofSeconds(60)).until(() -> told.size() == 2);
      assertThat(told.getFirst())
          .contains("can't be started yet")
          .contains(folder.resolve("log").toString());
      assertThat(told.getLast())
          .startsWith("Server could not be started 3 times in a row and is given up");
      assertThat(server.starts()).isEqualTo(4);

      Files.delete(broken);
      server.wake();

      await().atMost(Duration.ofSeconds(60)).until(() -> told.size() == 3);
      assertThat(told.getLast()).contains("is running again");
    }
  }

  @Test
  void aDeliberateRestartIsNotADeath() throws Exception {
    try (SupervisedProcess server = start("exec sleep 600")) {
      long first = server.pid();

      server.restart();

      await().atMost(Duration.ofSeconds(60)).until(() -> server.pid() != first && server.isAlive());
      assertThat(told).isEmpty();
    }
  }

  @Test
  void aFailedFirstStartIsAFailureAndATakenPortIsRecognised() {
    assertThatThrownBy(() -> start("echo 'listen: bind: address already in use'; exit 1"))
        .isInstanceOf(PortTakenException.class)
        .hasMessageContaining("address already in use");
    assertThatThrownBy(() -> start("echo 'out of memory'; exit 1"))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(PortTakenException.class)
        .hasMessageContaining("out of memory");
  }

  private SupervisedProcess start(String script) throws IOException {
    return SupervisedProcess.start(
        "Server",
        QUICK,
        _ ->
            KeptProcess.start(
                RealServers.keeper(),
                List.of("sh", "-c", script),
                Map.of(),
                folder,
                folder.resolve("log")),
        SupervisedProcessIT::staysForAMoment,
        told::add,
        changes::incrementAndGet);
  }

  /** Counts as healthy while it is alive. */
  private static void staysForAMoment(KeptProcess process) throws IOException {
    long until = System.nanoTime() + Duration.ofMillis(700).toNanos();
    while (System.nanoTime() < until) {
      if (!process.isAlive()) {
        throw PortTakenException.of("Server ended while it started" + Startup.said(process));
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
  }
}
