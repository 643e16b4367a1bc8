package dev.portage.text;

import static dev.portage.text.InertMarkdown.assertInert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.identity.NameFault;
import dev.portage.identity.PersonName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every text, tested with many. */
class NastyTextsTest {

  private static final int TRIES = 4_000;

  private final NastyTexts texts = new NastyTexts(20261129);

  @Test
  void everyTextIsBoundedToItsLineAndHidesNoCharacter() {
    for (int i = 0; i < TRIES; i++) {
      String text = i % 4 == 0 ? texts.noise(500) : texts.text();
      int bytes = 10 + texts.below(600);
      String line = Bounded.line(text, bytes);
      assertThat(Bounded.size(line)).isLessThanOrEqualTo(bytes);
      assertSeen(line, false);
      assertThat(Bounded.line(line, bytes)).as("cut once is cut").isEqualTo(line);
      String lines = Bounded.lines(text, bytes);
      assertThat(Bounded.size(lines)).isLessThanOrEqualTo(bytes);
      assertSeen(lines, true);
      assertThat(Bounded.lines(lines, bytes)).as("cut once is cut").isEqualTo(lines);
      assertSeen(Markdown.line(text), false);
      assertSeen(Markdown.cell(text), false);
    }
  }

  @Test
  void anyTextStaysPlainInMarkdown() {
    for (int i = 0; i < TRIES; i++) {
      String text = i % 4 == 0 ? texts.noise(300) : texts.text();
      String line = Markdown.line(text);
      assertInert(line);
      assertThat(line).doesNotContainPattern("^(#|[-+*] |[0-9]+[.)] |>|===|---)");
      String cell = Markdown.cell(text);
      assertInert(cell);
      assertThat(bars(cell)).as("a cell stays one: %s", cell).isZero();
    }
  }

  @Test
  void aSummaryIsShortAndPlain() {
    for (int i = 0; i < TRIES; i++) {
      String summary =
          Markdown.summary(
              i % 4 == 0 ? texts.noise(300) : i % 4 == 1 ? "<&".repeat(i) : texts.text());
      assertThat(Bounded.size(summary)).isLessThanOrEqualTo(Bounded.SUMMARY);
      assertInert(summary);
    }
  }

  @Test
  void noTextClosesItsFence() {
    for (int i = 0; i < TRIES; i++) {
      String fenced = Markdown.fenced(texts.text(), "");
      List<String> lines = fenced.lines().toList();
      String fence = lines.getFirst();
      assertThat(lines.subList(1, lines.size() - 1))
          .noneMatch(line -> line.strip().startsWith(fence));
      assertThat(lines.getLast()).isEqualTo(fence);
    }
  }

  @Test
  void everyNameCanBeComparedAndValidated() {
    for (int i = 0; i < TRIES; i++) {
      String name = i % 2 == 0 ? texts.noise(60) : texts.text();
      String compared = PersonName.compared(name);
      assertThat(PersonName.compared(compared)).isEqualTo(compared);
      NameFault.of(name).ifPresent(fault -> assertSeen(fault, false));
    }
  }

  private static void assertSeen(String text, boolean lines) {
    assertThat(text.codePoints().filter(c -> !Visible.isShown(c) && !(lines && c == '\n')).boxed())
        .as("hidden characters")
        .isEmpty();
    assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(text);
  }

  private static int bars(String cell) {
    return withoutEscapes(cell).chars().map(c -> c == '|' ? 1 : 0).sum();
  }

  private static String withoutEscapes(String markdown) {
    return markdown.replaceAll("\\\\[\\\\`*_\\[\\]~$|#+=:.)-]", "");
  }
}
