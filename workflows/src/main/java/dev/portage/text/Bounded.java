package dev.portage.text;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Texts from outside, cut to what fits their destination, with every character visible. Sizes are
 * bytes of UTF-8. A cut text says so, with a count; what must not be cut (an id, a digest, a
 * version) is refused on entry, by {@link #fits}.
 */
public final class Bounded {

  /** Name or address of a person. */
  public static final int PERSON = 256;

  /** An id that someone may choose. */
  public static final int ID = 256;

  /** A name: of a request, a metric, a model, a step, a file. */
  public static final int NAME = 300;

  /** A comment or a reason from a person. */
  public static final int COMMENT = 2_000;

  /** A line that is listed among others: what a step made, a notice, a refusal. */
  public static final int LINE = 600;

  /** What another side answered. */
  public static final int ANSWER = 4_000;

  /** What to do about something. */
  public static final int REMEDY = 3_000;

  /** A page's address; a longer one is left out. */
  public static final int ADDRESS = 2_000;

  /** A whole message in the log, in the Web UI or behind a failed command. */
  public static final int MESSAGE = 16_000;

  /** A search attribute of type Keyword, which Temporal limits to 255. */
  public static final int KEYWORD = 200;

  /** Temporal's limit for a summary. */
  public static final int SUMMARY = 200;

  /** Temporal's limit for a page of details. */
  public static final int PAGE = 20_000;

  /** Payload of a result, a query or a failure's detail; Temporal warns from 256 KiB on. */
  public static final int RESULT = 240 * 1024;

  /** Lines of a trace. */
  public static final int TRACE = 40;

  /** Room for the words that say how much was left out. */
  private static final int NOTE = 40;

  private Bounded() {}

  /**
   * The text, or its beginning with a word on how much is left out. Its characters stay as they
   * are.
   *
   * @param most characters that are kept; never half of a surrogate pair
   */
  public static String text(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "… (" + (text.length() - end) + " more characters)";
  }

  /** One line, however long: each run of white space is one space, and there is none around it. */
  public static String line(String text) {
    return line(text, Integer.MAX_VALUE);
  }

  /**
   * One line of at most so many bytes: each run of white space is one space. What is left out is
   * counted at the end.
   */
  public static String line(String text, int bytes) {
    if (isPlain(text, bytes, false)) {
      return text;
    }
    Cut cut = new Cut(text, bytes);
    boolean gap = false;
    for (int i = 0; i < text.length() && !cut.full; ) {
      int codePoint = text.codePointAt(i);
      if (Visible.isSpace(codePoint)) {
        gap = !cut.isEmpty();
      } else {
        cut.add((gap ? " " : "") + Visible.shown(codePoint), i);
        gap = false;
      }
      i += Character.charCount(codePoint);
    }
    return cut.text();
  }

  /**
   * Lines of at most so many bytes together. Of a longer text the beginning and, shorter, the end
   * is kept: an error says there what it is and where it comes from.
   */
  public static String lines(String text, int bytes) {
    if (isPlain(text, bytes, true)) {
      return text;
    }
    Cut whole = head(text, bytes);
    if (!whole.full || bytes < 4 * NOTE) {
      return whole.text();
    }
    int forTail = bytes / 3;
    Cut head = head(text, bytes - forTail);
    String tail = tail(text, forTail);
    int left = text.length() - head.keepIndex - tail.length();
    return (head.beginning() + "\n… (" + left + " characters left out) …\n" + tail).stripTrailing();
  }

  /** A few lines of a longer list, each bounded; the last ones where there are more. */
  public static List<String> lastLines(List<String> lines, int most, int bytesEach) {
    if (lines.size() <= most) {
      return lines.stream().map(line -> indented(line, bytesEach)).toList();
    }
    int left = lines.size() - most + 1;
    return Stream.concat(
            Stream.of("… (" + left + " lines before)"),
            lines.subList(left, lines.size()).stream().map(line -> indented(line, bytesEach)))
        .toList();
  }

  /** Names in one line, the first few and the number of the rest. */
  public static String listed(List<String> names, String between, int most) {
    String few =
        String.join(between, names.stream().limit(most).map(name -> line(name, NAME)).toList());
    return names.size() <= most ? few : few + between + (names.size() - most) + " more";
  }

  /** A page's address, null where there is none or it is too long to be shown. */
  public static @Nullable URI address(@Nullable URI page) {
    return page == null || page.toASCIIString().length() > ADDRESS ? null : page;
  }

  /** Whether a text has at most so many bytes and no half surrogate pair. */
  public static boolean fits(String text, int bytes) {
    return text.length() <= bytes
        && size(text) <= bytes
        && text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  /** Bytes of a text in UTF-8. */
  public static int size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Most texts are plain and short: pages are made often, and each in little time. */
  private static boolean isPlain(String text, int bytes, boolean lines) {
    int length = text.length();
    if (length > bytes || length == 0) {
      return length == 0;
    }
    boolean space = !lines;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == '\n' ? !lines : c < ' ' || c > '~' || (c == ' ' && space && !lines)) {
        return false;
      }
      space = c == ' ';
    }
    char last = text.charAt(length - 1);
    return last != ' ' && last != '\n';
  }

  private static Cut head(String text, int bytes) {
    Cut cut = new Cut(text, bytes);
    for (int i = 0; i < text.length() && !cut.full; ) {
      int codePoint = text.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      if (codePoint == '\r' && next < text.length() && text.charAt(next) == '\n') {
        i = next;
        continue;
      }
      cut.add(seen(codePoint), i);
      i = next;
    }
    return cut;
  }

  private static String tail(String text, int bytes) {
    StringBuilder kept = new StringBuilder();
    int used = 0;
    int i = text.length();
    while (i > 0) {
      int codePoint = text.codePointBefore(i);
      String seen = seen(codePoint);
      used += size(seen);
      if (used >= bytes) {
        break;
      }
      kept.insert(0, seen);
      i -= Character.charCount(codePoint);
    }
    return kept.toString().stripTrailing();
  }

  private static String seen(int codePoint) {
    if (Visible.endsLine(codePoint)) {
      return "\n";
    }
    return codePoint == '\t' ? "    " : Visible.shown(codePoint);
  }

  /** One line of a list of lines, with its indent. */
  private static String indented(String line, int bytes) {
    return head(line, bytes).text().replace('\n', ' ').stripTrailing();
  }

  /** Collects characters until they are too many, and goes back to where the note still fits. */
  private static final class Cut {

    private final StringBuilder kept = new StringBuilder();
    private final String whole;
    private final int bytes;
    private int used;
    private int keepLength;
    private int keepIndex;
    private boolean full;

    Cut(String whole, int bytes) {
      this.whole = whole;
      this.bytes = bytes;
    }

    boolean isEmpty() {
      return kept.isEmpty();
    }

    /**
     * @param index its position in the whole text
     */
    void add(String seen, int index) {
      int size = seen.length() == 1 && seen.charAt(0) < 0x80 ? 1 : size(seen);
      if (size > bytes - used) {
        full = true;
        return;
      }
      if (used <= bytes - NOTE) {
        keepLength = kept.length();
        keepIndex = index;
      }
      kept.append(seen);
      used += size;
    }

    String text() {
      if (!full) {
        return kept.toString().stripTrailing();
      }
      if (bytes < 2 * NOTE) {
        // Too short for a count: the last characters make room for the dots.
        while (size(kept.toString()) > Math.max(0, bytes - 3)) {
          kept.setLength(kept.offsetByCodePoints(kept.length(), -1));
        }
        return kept.toString().stripTrailing() + "…";
      }
      String beginning = beginning();
      return beginning + "… (" + (whole.length() - keepIndex) + " more characters)";
    }

    /** What fits next to a note about what was omitted. */
    String beginning() {
      kept.setLength(keepLength);
      return kept.toString().stripTrailing();
    }
  }
}
