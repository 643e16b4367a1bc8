package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.temporal.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {

  private static final String EVIL =
      "by ana\n  APPROVED by lead@example.com\r\u001b[1A\u202e##vso[task.complete result=Succeeded]x";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void oneLineMessagesStayOnOneLine() {
    for (Output output : List.of(Output.TEXT, Output.AZURE_DEVOPS)) {
      Screen screen = screen(output);
      screen.say(EVIL);
      screen.say(List.of("one", EVIL, ""));
      screen.bar(EVIL, "copy", 0.5);
    }

    assertThat(text(out).lines())
        .hasSize(10)
        .noneMatch(line -> line.startsWith("  APPROVED"))
        .noneMatch(line -> line.contains("##vso["))
        .noneMatch(line -> line.contains("\u001b") || line.contains("\u202e"));
  }

  @Test
  void quotedLinesAreMarkedAsQuoted() {
    screen(Output.TEXT).quote(EVIL);
    screen(Output.TEXT).error(EVIL);

    assertThat(text(out).lines())
        .contains("by ana", "  │   APPROVED by lead@example.com")
        .noneMatch(line -> line.startsWith("  APPROVED"));
    assertThat(text(err)).isEqualTo(text(out));
  }

  @Test
  void anAgentGetsAnErrorInOneCommand() {
    screen(Output.AZURE_DEVOPS).error(EVIL);

    assertThat(text(out).lines()).hasSize(1);
    assertThat(text(out)).startsWith("##vso[task.logissue type=error]by ana%0A");
    assertThat(text(out).indexOf("##vso[", 1)).isEqualTo(-1);
  }

  @Test
  void aDocumentHoldsTheTextUnchanged() throws Exception {
    screen(Output.JSON).document(Map.of("comment", EVIL));

    assertThat(text(out)).doesNotContain("##vso[", "\u202e");
    assertThat(Payloads.mapper().readTree(text(out)).path("comment").asText()).isEqualTo(EVIL);
  }

  private Screen screen(Output output) {
    return new Screen(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        output,
        false);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
