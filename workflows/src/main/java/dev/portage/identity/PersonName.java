package dev.portage.identity;

import dev.portage.text.Visible;
import java.net.IDN;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares people by name: the same person may be written in different ways. All code that asks
 * whether two names are one person asks here, so that no two places disagree.
 *
 * <p>These count as the same: upper and lower case; surrounding spaces and invisible characters;
 * composed and decomposed letters, wide and narrow ones; {@code Ana <ana@example.com>}, {@code
 * <ana@example.com>}, {@code ana@example.com}, and that address among other words, brackets or
 * quotes if it is the only one; a domain in its own script and in Punycode; a trailing dot; {@code
 * 123+ana@users.noreply.github.com} and {@code ana@users.noreply.github.com}. Two addresses of one
 * person are the same only if the platform file says so ({@link Aliases}).
 */
public final class PersonName {

  private static final Pattern IN_BRACKETS = Pattern.compile("^.*<([^<>]+)>[^<>]*$");
  private static final Pattern NAME_BEHIND = Pattern.compile("^([^\\s(]+@[^\\s(]+)\\s*\\(.*\\)$");
  private static final Pattern QUOTED = Pattern.compile("^[\"'](.*)[\"']$");

  /** An address within whatever a mail program, a directory or a page puts around it. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "[^\\s@<>()\\[\\]{},;:\"'`*|\\\\\\p{Pi}\\p{Pf}\\p{Ps}\\p{Pe}]+@[\\p{L}\\p{M}\\p{N}._\\u3002-]*[\\p{L}\\p{M}\\p{N}]");

  /** Hosting services number the addresses that hide a person's own. */
  private static final Pattern NUMBERED_NOREPLY =
      Pattern.compile("^[0-9]+\\+(.+@users\\.noreply\\..+)$");

  private static final Pattern DOMAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N}.-]+");

  /** What is longer is no address, and patterns are not tried on it. */
  private static final int LONGEST = 1_000;

  private static final int MOST_WRAPPINGS = 20;

  private PersonName() {}

  /**
   * A name as it is compared; "" for none, and for what has no letter and no digit.
   *
   * @param name name or mail address as someone wrote it, null for none
   */
  public static String compared(@Nullable String name) {
    if (name == null) {
      return "";
    }
    String text = squeezed(name);
    if (text.codePoints().noneMatch(Character::isLetterOrDigit)) {
      return "";
    }
    if (text.length() > LONGEST) {
      return text;
    }
    // What is unwrapped may be wrapped once more; each round takes something away.
    String before = "";
    for (int i = 0; i < MOST_WRAPPINGS && !text.equals(before); i++) {
      before = text;
      text = address(text);
    }
    return text;
  }

  private static String address(String text) {
    String bare = unwrapped(QUOTED, unwrapped(NAME_BEHIND, unwrapped(IN_BRACKETS, text)));
    String only = withoutEnd(onlyAddress(bare));
    int at = only.lastIndexOf('@');
    return at <= 0 ? only : unnumbered(local(only.substring(0, at)) + "@" + domain(only, at));
  }

  /** Whether two names are one person. A missing name is nobody, and so not the same as another. */
  public static boolean same(@Nullable String one, @Nullable String other) {
    String compared = compared(one);
    return !compared.isEmpty() && compared.equals(compared(other));
  }

  /** Visible letters alone, in one shape and one case, with single blanks between words. */
  private static String squeezed(String name) {
    StringBuilder visible = new StringBuilder();
    Normalizer.normalize(name, Normalizer.Form.NFKC)
        .codePoints()
        .filter(c -> !Visible.isIgnorable(c) && (!Character.isISOControl(c) || isBlank(c)))
        .forEach(c -> visible.appendCodePoint(isBlank(c) ? ' ' : c));
    // There and back: some letters have several lower ones, as the Greek sigma.
    String folded =
        visible
            .toString()
            .toLowerCase(Locale.ROOT)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT)
            // The Turkish capital I has a dot that its lower letter keeps as a mark.
            .replace("i\u0307", "i");
    return Normalizer.normalize(folded, Normalizer.Form.NFKC).replaceAll(" +", " ").strip();
  }

  private static boolean isBlank(int codePoint) {
    return Character.isWhitespace(codePoint)
        || Character.isSpaceChar(codePoint)
        || codePoint == 0x85;
  }

  private static String unwrapped(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.matches() ? matcher.replaceFirst("$1").strip() : text;
  }

  /** The address in a text; the text itself where it has none, or several. */
  private static String onlyAddress(String text) {
    List<String> found =
        ADDRESS.matcher(text).results().map(MatchResult::group).distinct().limit(2).toList();
    return found.size() == 1 ? found.getFirst() : text;
  }

  private static String withoutEnd(String text) {
    int end = text.length();
    while (end > 0 && " .,;:\u3002".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end).strip();
  }

  private static String local(String local) {
    return unwrapped(QUOTED, local.strip());
  }

  private static String domain(String text, int at) {
    String domain = withoutEnd(text.substring(at + 1).replace('\u3002', '.'));
    if (!DOMAIN.matcher(domain).matches()) {
      return domain;
    }
    try {
      return IDN.toASCII(IDN.toUnicode(domain), IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException noDomain) {
      return domain;
    }
  }

  private static String unnumbered(String address) {
    return unwrapped(NUMBERED_NOREPLY, address);
  }
}
