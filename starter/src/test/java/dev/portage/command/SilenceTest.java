package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.checkout.TemporaryRepository;
import dev.portage.connection.SilentTemporal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is up but doesn't answer: reported after two seconds, given up after a while. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class SilenceTest {

  private final Path folder;

  SilenceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aServerThatAcceptsConnectionsAndSaysNothing() throws IOException {
    try (SilentTemporal temporal = SilentTemporal.mute()) {
      Town.Ran ran = terminal(temporal).run("list");

      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.FAILED);
      assertThat(ran.err())
          .containsSubsequence(
              "connecting to Temporal at " + temporal.address() + " …",
              "Temporal at " + temporal.address() + " is not responding");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start promotion.yaml",
        "plan promotion.yaml",
        "status x/y",
        "list",
        "approve x/y",
        "copy models:/churn/7 --from dev --to prod",
        "doctor"
      })
  void aServerWhoseDiskIsFull(String command) throws IOException {
    new TemporaryRepository(folder).commitProject("churn");
    try (SilentTemporal temporal = SilentTemporal.withoutDisk()) {
      long began = System.nanoTime();
      Town.Ran ran = terminal(temporal).run(command.split(" "));

      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.FAILED);
      assertThat(ran.err())
          .contains("Temporal at " + temporal.address() + " is not responding; still trying …");
      assertThat(ran.out() + ran.err()).contains("DEADLINE_EXCEEDED").contains("its disk space");
      assertThat((System.nanoTime() - began) / 1_000_000_000).isLessThan(30);
    }
  }

  private Terminal terminal(SilentTemporal temporal) {
    return new Terminal(
        folder, Map.of("TEMPORAL_ADDRESS", temporal.address(), "USER", "ana@example.com"));
  }
}
