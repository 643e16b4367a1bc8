package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxCommandTest {

  @Test
  void aFileIsNoFolderForASandbox(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("notes"));

    assertThatThrownBy(() -> SandboxCommand.folder(file, "sandbox"))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining(file + " is a file; name a folder");
    assertThat(SandboxCommand.folder(folder.resolve("new"), "sandbox"))
        .isEqualTo(folder.resolve("new"));
  }
}
