package dev.portage.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTest {

  @Test
  void visibleCharactersStayUnchanged() {
    String text = "précision 精度 \uD83D\uDE80 <b>`x`</b> | # a\\b";
    assertThat(Visible.line(text)).isSameAs(text);
  }

  @Test
  void controlAndDirectionCharactersAreEscaped() {
    assertThat(Visible.line("a\u001b[2Jb\u009bc\u202ed\u200be\u2028f\0"))
        .isEqualTo("a\\u001b[2Jb\\u009bc\\u202ed\\u200be\\u2028f\\u0000");
    assertThat(Visible.line("tag \uDB40\uDC41 half \uD800"))
        .isEqualTo("tag \\U000e0041 half \\ud800");
    assertThat(Visible.line("ana\u3164")).isEqualTo("ana\\u3164");
  }

  @Test
  void lineBreaksAreKeptOnlyInMultilineText() {
    assertThat(Visible.line("one\r\ntwo\tthree")).isEqualTo("one\\r\\ntwo\\tthree");
    assertThat(Visible.lines("one\r\ntwo\tthree\rfour")).isEqualTo("one\ntwo\tthree\\rfour");
  }

  @Test
  void aLongTextIsTruncatedBetweenCharactersAndSaysByHowMuch() {
    assertThat(Bounded.text("abc", 3)).isEqualTo("abc");
    assertThat(Bounded.text("abcdef", 3)).isEqualTo("abc… (3 more characters)");
    assertThat(Bounded.text("ab\uD83D\uDE80cd", 3)).isEqualTo("ab… (4 more characters)");
  }
}
