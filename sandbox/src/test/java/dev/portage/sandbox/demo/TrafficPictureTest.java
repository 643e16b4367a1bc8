package dev.portage.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo's picture of the traffic. */
class TrafficPictureTest {

  private static final SortedMap<String, Integer> QUARTER =
      new TreeMap<>(Map.of("diabetes-1", 15, "diabetes-2", 5));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theVersionsShareTheBarAsTheyShareTheRequests() {
    assertThat(new TrafficPicture(100, false).line(QUARTER, 132, 0))
        .isEqualTo(
            "  " + "█".repeat(30) + "░".repeat(10) + "  v1 75 %, v2 25 %; 132 requests, 0 failed");
  }

  @Test
  void withColoursTheyDifferByColourAndEachEndsPlain() {
    String line = new TrafficPicture(100, true).line(QUARTER, 132, 0);

    assertThat(line)
        .contains("\u001b[34m" + "█".repeat(30) + "\u001b[0m")
        .contains("\u001b[32m" + "█".repeat(10) + "\u001b[0m");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 20, 24, 30, 40, 45, 60, 80, 200})
  void itNeverWrapsHoweverNarrowTheTerminalIs(int width) {
    String line = new TrafficPicture(width, false).line(QUARTER, 123_456, 7);

    assertThat(line.length()).isLessThan(Math.max(width, 1));
  }

  @Test
  void aNarrowTerminalSeesTheSharesBeforeAnythingElse() {
    assertThat(new TrafficPicture(24, false).line(QUARTER, 132, 0)).isEqualTo("v1 75 %, v2 25 %");
    assertThat(new TrafficPicture(45, false).line(QUARTER, 132, 0))
        .endsWith("v1 75 %, v2 25 %, 0 failed");
  }

  @Test
  void beforeTheFirstAnswerThereIsNothingToShare() {
    assertThat(new TrafficPicture(80, false).line(new TreeMap<>(), 0, 0))
        .endsWith("0 requests, 0 failed");
  }

  @Test
  void onATerminalItIsDrawnInItsPlaceBelowWhatIsSaid() {
    DemoScreen screen = new DemoScreen(out, true, new TrafficPicture(60, false));

    screen.draw(count());
    screen.draw(count());
    screen.say("✓ prod/serve");
    screen.erase();

    assertThat(said().chars().filter(one -> one == 10)).hasSize(1);
    assertThat(said())
        .contains("\r\u001b[K  █")
        .endsWith("\r\u001b[K✓ prod/serve" + System.lineSeparator());
  }

  @Test
  void elsewhereEachIsALineWithoutControlCharacters() {
    DemoScreen screen = new DemoScreen(out, false, new TrafficPicture(60, false));

    screen.draw(count());
    screen.say("✓ prod/serve");
    screen.draw(count());

    assertThat(said().lines()).hasSize(3);
    assertThat(said()).doesNotContain("\r", "\u001b");
  }

  @Test
  void withoutATerminalThereAreNoColoursWhateverTheEnvironmentSays() {
    DemoScreen screen = DemoScreen.of(out, Map.of("COLUMNS", "50", "TERM", "dumb"));

    screen.draw(count());

    assertThat(screen.isTerminal()).isFalse();
    assertThat(said()).doesNotContain("\u001b");
    assertThat(said().strip().length()).isLessThan(50);
  }

  private static Readers.Count count() {
    return new Readers.Count(QUARTER, QUARTER, 0, null);
  }
}
