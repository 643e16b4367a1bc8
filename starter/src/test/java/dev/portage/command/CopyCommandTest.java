package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CopyCommandTest {

  @AutoClose private final Town town;

  CopyCommandTest(@TempDir Path folder) throws IOException {
    town = new Town(folder);
  }

  @Test
  void aCancelledCopyReportsItsOutcome() {
    town.working();
    CompletableFuture<Town.Ran> copying =
        CompletableFuture.supplyAsync(
            () -> town.run("copy", "models:/churn/7", "--from", "dev", "--to", "prod"));
    Awaitility.await("the copy to be under way, then its cancel")
        // Abandoned calls end with noise in the test server's own threads.
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .untilAsserted(
            () -> town.client().newUntypedWorkflowStub("copy/dev/prod/churn/7").cancel());

    Town.Ran copy = copying.join();

    assertThat(copy.code()).as(copy.err()).isEqualTo(ExitCode.FAILED);
    assertThat(copy.err()).contains("version 4 of churn in prod was incomplete and was removed");
  }
}
