package dev.portage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextsTest {

  @Test
  void invisibleCharactersAreShownAsCodePoints() {
    assertThat(Bounded.line("a\u001b[2Jb\u009bc\u202ed\u2066e\u200bf\u0000g"))
        .isEqualTo("a\\u001b[2Jb\\u009bc\\u202ed\\u2066e\\u200bf\\u0000g");
    assertThat(Bounded.line("x\ud800y\udb40\udc41")).isEqualTo("x\\ud800y\\U000e0041");
    assertThat(Bounded.line("pr\u00e9cision \u7cbe\u5ea6 \ud83d\ude00"))
        .isEqualTo("pr\u00e9cision \u7cbe\u5ea6 \ud83d\ude00");
  }

  @Test
  void oneLineStaysOneLine() {
    assertThat(Bounded.line("  a\r\nb\tc\u2028d\u0085e\u000bf\u00a0g\n"))
        .isEqualTo("a b c d e f g");
    assertThat(Bounded.lines("a\r\n\tb\rc\u2028d\n\n", 100)).isEqualTo("a\n    b\nc\nd");
  }

  @Test
  void aLongLineIsTruncatedAtACharacterAndSaysByHowMuch() {
    String cut = Bounded.line("\u7cbe".repeat(1_000), 300);
    assertThat(Bounded.size(cut)).isLessThanOrEqualTo(300);
    assertThat(cut).matches("\u7cbe+… \\(9\\d\\d more characters\\)");
    assertThat(Bounded.line("abc", 3)).isEqualTo("abc");
    assertThat(Bounded.line("\ud83d\ude00\ud83d\ude00", 7)).isEqualTo("\ud83d\ude00…");
  }

  @Test
  void aLongTextKeepsItsBeginningAndEnd() {
    String text = "Boom\n" + "noise\n".repeat(100_000) + "Caused by: no rows";
    String cut = Bounded.lines(text, 1_000);
    assertThat(Bounded.size(cut)).isLessThanOrEqualTo(1_000);
    assertThat(cut).startsWith("Boom\n").contains("characters left out").endsWith("no rows");
    // A text that merely ends like a truncated one is not taken for one.
    assertThat(Bounded.lines("a… (7 more characters)", 200)).isEqualTo("a… (7 more characters)");
  }

  @Test
  void aLongTraceKeepsItsLastLines() {
    List<String> trace = IntStream.range(0, 100).mapToObj(i -> "  line " + i).toList();
    assertThat(Bounded.lastLines(trace, 3, 100))
        .containsExactly("… (98 lines before)", "  line 98", "  line 99");
    assertThat(Bounded.lastLines(List.of("  a"), 3, 100)).containsExactly("  a");
  }

  @Test
  void textIsNeverRenderedAsMarkup() {
    assertThat(Markdown.line("# Heading")).isEqualTo("\\# Heading");
    assertThat(Markdown.line("- [x] done")).isEqualTo("\\- \\[x\\] done");
    assertThat(Markdown.line("1. first")).isEqualTo("1\\. first");
    assertThat(Markdown.line("> quote")).isEqualTo("\\> quote");
    assertThat(Markdown.line("---")).isEqualTo("\\-\\--");
    assertThat(Markdown.line("===")).isEqualTo("\\===");
    assertThat(Markdown.line("~~~ sh")).isEqualTo("\\~\\~\\~ sh");
    assertThat(Markdown.line("```sh")).isEqualTo("\\`\\`\\`sh");
    assertThat(Markdown.line("![x](y) <img src=x> &lt; a|b \\*"))
        .isEqualTo("!\\[x\\](y) \\<img src=x\\> \\&lt; a\\|b \\\\\\*");
    assertThat(Markdown.line("a\n\n# b")).isEqualTo("a # b");
    assertThat(Markdown.line("-5.3 <= 60")).isEqualTo("-5.3 \\<= 60");
    assertThat(Markdown.line("a & b, listed by --output json"))
        .isEqualTo("a & b, listed by \\--output json");
    assertThat(Markdown.line("churn__portage_66c _a_ __init__ x_"))
        .isEqualTo("churn__portage_66c \\_a\\_ \\_\\_init\\_\\_ x\\_");
  }

  @Test
  void wordsThatWouldBecomeLinksAreShownAsCode() {
    assertThat(Markdown.line("see https://evil.example/x, or www.evil.example"))
        .isEqualTo("see `https://evil.example/x,` or `www.evil.example`");
    assertThat(Markdown.line("by ana@example.com, @team, #12"))
        .isEqualTo("by `ana@example.com,` `@team,` `#12`");
    assertThat(Markdown.line("`https://x`")).isEqualTo("`` `https://x` ``");
    assertThat(Markdown.cell("https://x/a|b")).isEqualTo("`https://x/a`\\|`b`");
  }

  @Test
  void textCannotCloseItsCodeSpan() {
    assertThat(Markdown.code("a``b")).isEqualTo("```a``b```");
    assertThat(Markdown.code("`a`")).isEqualTo("`` `a` ``");
    assertThat(Markdown.fenced("x\n```\n# y\n`````", ""))
        .isEqualTo("``````\nx\n```\n# y\n`````\n``````\n");
  }

  @Test
  void linksLeadOnlyToWebPages() {
    assertThat(Markdown.link("run [7]", URI.create("https://example.com/a(b)")))
        .isEqualTo("[run \\[7\\]](https://example.com/a%28b%29)");
    assertThat(Markdown.link("x", URI.create("javascript:alert(1)"))).isEqualTo("x");
    assertThat(Markdown.link("x", null)).isEqualTo("x");
  }
}
