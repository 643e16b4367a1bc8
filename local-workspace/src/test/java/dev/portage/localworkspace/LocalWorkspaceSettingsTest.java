package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.models.ModelSettings;
import dev.portage.localworkspace.rights.Right;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalWorkspaceSettingsTest {
  @TempDir Path folder;

  @Test
  void aTokenIsReadWithoutWhiteSpaceAndNotKept() throws IOException {
    Path file = Files.writeString(folder.resolve("ana.token"), " token-of-ana\n");

    Token token = Token.inFile(file, "ana@example.com", Set.of(Right.JOBS_MANAGE));

    assertThat(token)
        .isEqualTo(Token.of("token-of-ana", "ana@example.com", Set.of(Right.JOBS_MANAGE)));
    assertThat(settings().token(token).build().toString()).doesNotContain("token-of-ana");
  }

  @Test
  void anEmptyTokenFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("ana.token"), "\n");

    assertThatThrownBy(() -> Token.inFile(file, "ana@example.com", Set.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("The token file " + file + " is empty");
  }

  @Test
  void whatCantBeServedIsRefusedBeforeTheStart() {
    assertThatThrownBy(() -> settings().port(70_000).build())
        .hasMessage("port must be between 0 and 65535, not 70000");
    assertThatThrownBy(() -> settings().volume("data").build())
        .hasMessage("A volume must be named <catalog>.<schema>.<volume>, not 'data'");
    assertThatThrownBy(() -> new ModelSettings(Set.of("ml"), ModelSettings.Storage.FILES))
        .hasMessage("A schema must be named <catalog>.<schema>, not 'ml'");
  }

  private LocalWorkspaceSettings.Builder settings() {
    return LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"));
  }
}
