package dev.portage.text;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Escapes text from others for Markdown. Covers CommonMark and what pages add to it (tables, bare
 * links, mentions, formulas): a word that a page would turn into a link in spite of escaping
 * becomes code.
 */
public final class Markdown {

  /**
   * What a page may make something of. Underscores within a word are only underscores, and two
   * hyphens would become a dash. All of it is escaped by backslashes: the Web UI shows the entities
   * of HTML as they are written.
   */
  private static final Pattern SPECIAL =
      Pattern.compile(
          "[\\\\`*\\[\\]~$|<>]|&(?=[#A-Za-z])|-(?=-)|(?<![\\p{L}\\p{N}_])_+|_+(?![\\p{L}\\p{N}_])");

  private static final Pattern EACH = Pattern.compile("(?s:.)");

  /** What begins a heading, a list, a quote or a rule where it begins a line. */
  private static final Pattern BEGINS_BLOCK = Pattern.compile("^(#|[-+=](?=[ =-]|$)|:+(?= |$))");

  private static final Pattern NUMBERED = Pattern.compile("^([0-9]{1,9})([.)])(?= |$)");

  /** Addresses, mail addresses and mentions, numbers of work items. */
  private static final Pattern BECOMES_LINK =
      Pattern.compile(
          "://|(?<![a-z0-9])www\\.|@|(mailto|xmpp):|[#!][0-9]", Pattern.CASE_INSENSITIVE);

  /** No full stop, which may belong to {@code www.}, and nothing that any page has a use for. */
  private static final Pattern NOTHING_SPECIAL = Pattern.compile("[A-Za-z0-9 ,;()'\"%/+=?-]*+");

  private static final Pattern BACKTICKS = Pattern.compile("`+");

  private Markdown() {}

  /** One line that nothing is made of. */
  public static String line(String text) {
    String words = words(Bounded.line(text), false);
    words = NUMBERED.matcher(words).replaceFirst("$1\\\\$2");
    return BEGINS_BLOCK.matcher(words).replaceFirst("\\\\$1");
  }

  /**
   * A summary of Temporal's, which its Web UI shows as one line of Markdown: nothing is made of the
   * text, and with what escapes it, it is at most {@link Bounded#SUMMARY} bytes.
   */
  public static String summary(String text) {
    int bytes = Bounded.SUMMARY;
    String summary = line(Bounded.line(text, bytes));
    while (Bounded.size(summary) > Bounded.SUMMARY) {
      // A character is escaped by at most four more, so this ends before the text does.
      bytes -= Bounded.SUMMARY / 10;
      summary = line(Bounded.line(text, bytes));
    }
    return summary;
  }

  /** The same as the cell of a table. */
  public static String cell(String text) {
    return words(Bounded.line(text), true);
  }

  /** One line of code, for what people copy. Not for a table. */
  public static String code(String text) {
    String line = Bounded.line(text);
    if (line.isEmpty()) {
      return "";
    }
    String fence = "`".repeat(longestRun(line) + 1);
    String space = line.startsWith("`") || line.endsWith("`") ? " " : "";
    return fence + space + line + space + fence;
  }

  /** Lines of code, behind a fence that none of them can close; ends with a new line. */
  public static String fenced(String text, String language) {
    String lines = Bounded.lines(text, Integer.MAX_VALUE);
    String fence = "`".repeat(Math.max(3, longestRun(lines) + 1));
    return fence + language + "\n" + lines + (lines.endsWith("\n") ? "" : "\n") + fence + "\n";
  }

  /** A text that leads to a page; without one the text alone. For a line or a cell. */
  public static String link(String text, @Nullable URI page) {
    String shown = cell(text);
    if (page == null || page.getScheme() == null || !page.getScheme().matches("(?i)https?")) {
      return shown;
    }
    String address =
        page.toASCIIString()
            .replace("\\", "%5C")
            .replace("(", "%28")
            .replace(")", "%29")
            .replace("|", "%7C")
            .replace("<", "%3C")
            .replace(">", "%3E");
    // A word of code would be code inside the link as well, which every page shows.
    return "[" + (shown.isEmpty() ? "page" : shown) + "](" + address + ")";
  }

  private static String words(String line, boolean inTable) {
    if (NOTHING_SPECIAL.matcher(line).matches() && !line.contains("--")) {
      return line;
    }
    StringBuilder escaped = new StringBuilder();
    for (String word : line.split(" ", -1)) {
      if (!escaped.isEmpty()) {
        escaped.append(' ');
      }
      escaped.append(BECOMES_LINK.matcher(word).find() ? asCode(word, inTable) : plain(word));
    }
    return escaped.toString();
  }

  private static String asCode(String word, boolean inTable) {
    if (!inTable || word.indexOf('|') < 0) {
      return code(word);
    }
    // Pages differ in how a code span of a table may hold the table's own bar.
    StringBuilder parts = new StringBuilder();
    for (String part : word.split("(?=\\|)|(?<=\\|)", -1)) {
      parts.append(part.equals("|") ? "\\|" : code(part));
    }
    return parts.toString();
  }

  private static String plain(String word) {
    return SPECIAL
        .matcher(word)
        .replaceAll(
            found -> Matcher.quoteReplacement(EACH.matcher(found.group()).replaceAll("\\\\$0")));
  }

  private static int longestRun(String text) {
    return BACKTICKS
        .matcher(text)
        .results()
        .mapToInt(run -> run.end() - run.start())
        .max()
        .orElse(0);
  }
}
