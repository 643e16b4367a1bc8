package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxCommandTest {

  @Test
  void aNameThatIsHardToTypeIsRefused() {
    for (String name : List.of("a b", "a/b", "ä", "", "a\nb")) {
      assertThatThrownBy(() -> KeepCommand.refuseUntypableName(name))
          .isInstanceOf(SandboxException.class)
          .hasMessageContaining("letters a to z, digits, dots, dashes and underscores");
    }
    KeepCommand.refuseUntypableName("Churn-2.0_b");
    KeepCommand.refuseUntypableName(null);
  }

  @Test
  void aMessageOfTheSandboxKeepsItsLinesAndOneOfOthersHasOne() {
    assertThat(SandboxCommand.told(new SandboxException("wrong:\n  line 1")))
        .isEqualTo("wrong:\n  line 1");
    assertThat(SandboxCommand.told(new IOException("wrong:\n  line 1")))
        .isEqualTo("wrong:\\n  line 1");
  }

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
