package dev.portage.sandbox.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporalCliTest {

  private final Path home;
  private final List<String> said = new ArrayList<>();

  TemporalCliTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void aFailedDownloadIsExplainedWithWhatToDo() {
    assertThat(
            TemporalCli.find(
                home,
                Map.of("PATH", ""),
                said::add,
                bin -> {
                  throw new IllegalStateException(
                      "download failed", new UnknownHostException("temporal.download"));
                }))
        .isEmpty();
    assertThat(said.getLast())
        .contains("could not be downloaded: the host temporal.download is not known")
        .contains("build/temporal")
        .contains(TemporalCli.VARIABLE);
  }

  @Test
  void aDownloadedOneIsFoundAndNothingMoreIsSaid() {
    assertThat(
            TemporalCli.find(
                home,
                Map.of("PATH", ""),
                said::add,
                bin -> {
                  Path program = Files.createDirectories(bin.resolve("1.5.1")).resolve("temporal");
                  assertThat(Files.createFile(program).toFile().setExecutable(true)).isTrue();
                }))
        .get()
        .asString()
        .endsWith("temporal");
    assertThat(said).hasSize(1);
  }
}
