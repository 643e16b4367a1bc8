package dev.portage.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.temporal.Payloads;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTextTest {

  private static final String EVIL =
      "ana\u001b[2J\u009b1A\u202e\u2066\u200b\ud800 \udb40\udc41\r\n✓ APPROVED\u2028##vso[task.complete]x";

  @Test
  void aLineStaysOneLineWithoutControlCharacters() {
    assertThat(TerminalText.line("  by\t" + EVIL))
        .isEqualTo(
            "  by  ana\\u001b[2J\\u009b1A\\u202e\\u2066\\u200b\\ud800 \\U000e0041\\r\\n✓"
                + " APPROVED\\u2028# #vso[task.complete]x");
  }

  @Test
  void continuationLinesAreMarked() {
    assertThat(TerminalText.lines("\nno rows\n✓ APPROVED by lead\r##[error]x\n\n"))
        .containsExactly("no rows", "  │ ✓ APPROVED by lead", "  │ # #[error]x");
  }

  @Test
  void aCellIsNotPushedAside() {
    assertThat(TerminalText.cell("  a" + " ".repeat(300) + "b\nc ")).isEqualTo("a b\\nc");
  }

  @Test
  void aDocumentKeepsItsMeaningWithoutControlCharacters() throws Exception {
    Map<String, String> content = Map.of("says", EVIL, "##[x", "##vso[y");

    String safe = TerminalText.json(Payloads.mapper().writeValueAsString(content));

    assertThat(safe.codePoints()).allMatch(dev.portage.text.Visible::isShown);
    assertThat(safe).doesNotContain("##vso[", "##[");
    JsonNode read = Payloads.mapper().readTree(safe);
    assertThat(read.path("says").asText()).isEqualTo(EVIL);
    assertThat(read.path("##[x").asText()).isEqualTo("##vso[y");
  }
}
