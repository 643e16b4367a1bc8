package dev.portage.text;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Markdown that a page renders as plain text: no link, mention, emphasis, open code span or tag.
 */
public final class InertMarkdown {

  private InertMarkdown() {}

  /** Removes code spans and escapes, as a page does first, and examines the rest. */
  public static void assertInert(String markdown) {
    String rest = withoutCode(markdown);
    assertThat(rest)
        .doesNotContainPattern("(?i)https?://|(?<![a-z0-9])www\\.|@|<|>")
        .doesNotContainPattern("[`*\\[\\]~$|]|--")
        .doesNotContainPattern("(?<![\\p{L}\\p{N}_])_|_(?![\\p{L}\\p{N}_])")
        .doesNotContainPattern("&[#A-Za-z]");
  }

  private static String withoutCode(String markdown) {
    StringBuilder rest = new StringBuilder();
    int i = 0;
    while (i < markdown.length()) {
      char c = markdown.charAt(i);
      if (c == '\\' && i + 1 < markdown.length()) {
        rest.append('\u00b7');
        i += 2;
      } else if (c == '`') {
        int end = i;
        while (end < markdown.length() && markdown.charAt(end) == '`') {
          end++;
        }
        String fence = markdown.substring(i, end);
        int close = closing(markdown, end, fence);
        assertThat(close).as("code is closed: %s", markdown).isPositive();
        i = close;
      } else {
        rest.append(c);
        i++;
      }
    }
    return rest.toString();
  }

  private static int closing(String markdown, int from, String fence) {
    int i = from;
    while ((i = markdown.indexOf(fence, i)) >= 0) {
      int end = i;
      while (end < markdown.length() && markdown.charAt(end) == '`') {
        end++;
      }
      if (end - i == fence.length()) {
        return end;
      }
      i = end;
    }
    return -1;
  }
}
