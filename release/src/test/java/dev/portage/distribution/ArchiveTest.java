package dev.portage.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

  private static final Archive ARCHIVE =
      new Archive("portage-1.0-linux-x64", Instant.parse("2026-01-02T03:04:06Z"));

  private final Path folder;

  ArchiveTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static Tree tree() {
    return new Tree()
        .add("lib/b.jar", "b", false)
        .add("bin/portage", "#!/bin/sh\n", true)
        .add("lib/a.jar", new byte[1025], false);
  }

  @Test
  void tarUnpacksWhatWasPackedWithItsRightsAndItsAge() throws Exception {
    Path file = folder.resolve("a.tar.gz");
    ARCHIVE.tarGz(tree(), file);

    String listed = run("tar", "--list", "--verbose", "--gzip", "--utc", "--file", file.toString());
    run("tar", "--extract", "--gzip", "--file", file.toString(), "--directory", folder.toString());

    assertThat(listed.lines())
        .hasSize(3)
        .allMatch(line -> line.contains("2026-01-02 03:04") && line.contains(" 0/0 "));
    assertThat(listed).contains("-rwxr-xr-x", "-rw-r--r--");
    Path top = folder.resolve("portage-1.0-linux-x64");
    assertThat(top.resolve("bin/portage")).isExecutable().hasContent("#!/bin/sh\n");
    assertThat(top.resolve("lib/a.jar")).hasBinaryContent(new byte[1025]);
  }

  @Test
  void theFilesAreInOrderWhateverTheOrderTheyWereAddedIn() throws IOException {
    Path file = folder.resolve("a.zip");
    ARCHIVE.zip(tree(), file);

    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.stream().map(entry -> entry.getName()).toList())
          .isEqualTo(
              List.of(
                  "portage-1.0-linux-x64/bin/portage",
                  "portage-1.0-linux-x64/lib/a.jar",
                  "portage-1.0-linux-x64/lib/b.jar"));
      assertThat(zip.stream().map(entry -> entry.getTimeLocal().toString()))
          .containsOnly("2026-01-02T03:04:06");
    }
  }

  @Test
  void aLongPathIsKeptWhole() throws Exception {
    String path = "a-folder-with-a-long-name/".repeat(5) + "file";
    Path file = folder.resolve("a.tar.gz");

    ARCHIVE.tarGz(new Tree().add(path, "content", false), file);

    assertThat(run("tar", "--list", "--gzip", "--file", file.toString()).strip())
        .isEqualTo("portage-1.0-linux-x64/" + path);
  }

  @Test
  void aPathThatNoTarHoldsIsRefused() {
    Tree tree = new Tree().add("x".repeat(101), "content", false);

    assertThatThrownBy(() -> ARCHIVE.tarGz(tree, folder.resolve("a.tar.gz")))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void aFileTwiceIsRefused() {
    assertThatThrownBy(() -> tree().add("lib/a.jar", "other", false))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("lib/a.jar");
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }

  @Test
  void checksumsAreThoseThatTheProgramChecks() throws Exception {
    Path file = Files.writeString(folder.resolve("a.txt"), "a");
    Path list = folder.resolve("SHA256SUMS");

    Checksums.write(list, List.of(file));

    assertThat(run("sh", "-c", "cd '" + folder + "' && sha256sum --check SHA256SUMS"))
        .contains("a.txt: OK");
  }
}
