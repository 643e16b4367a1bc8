package dev.portage.identity;

import dev.portage.text.Bounded;
import dev.portage.text.Visible;
import java.lang.Character.UnicodeScript;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is wrong with a name that someone gives as their own. */
public final class NameFault {

  /** Alphabets with letters that look the same. */
  private static final Set<UnicodeScript> ALIKE =
      Set.of(
          UnicodeScript.LATIN,
          UnicodeScript.CYRILLIC,
          UnicodeScript.GREEK,
          UnicodeScript.ARMENIAN,
          UnicodeScript.CHEROKEE);

  private static final Pattern SEVERAL = Pattern.compile("@[^<>()]*[,;\\s][^<>()]*@");

  private static final String NOBODY = "it doesn't say who sent it: add \"by\"";

  /** The placeholder for a name in the lines that pages show for pasting. */
  public static final String PLACEHOLDER = "YOU";

  private NameFault() {}

  /** Why it names nobody, or not one person; empty when it does. */
  public static Optional<String> of(@Nullable String name) {
    if (name == null || name.isBlank()) {
      return Optional.of(NOBODY);
    }
    if (name.strip().equals(PLACEHOLDER)) {
      return Optional.of("replace " + PLACEHOLDER + " with your own name or address");
    }
    if (!Bounded.fits(name, Bounded.PERSON)) {
      return Optional.of(
          "the sender's name is longer than " + Bounded.PERSON + " bytes, or is not valid text");
    }
    if (PersonName.compared(name).isEmpty()) {
      return Optional.of(NOBODY);
    }
    if (!name.strip().codePoints().allMatch(Visible::isShown)
        || name.strip().codePoints().anyMatch(c -> c == '\n' || c == '\r' || c == '\t')) {
      return Optional.of("the sender's name contains invisible characters: " + Visible.line(name));
    }
    if (SEVERAL.matcher(name.strip()).find()) {
      return Optional.of(
          "it names several people; each must decide separately: " + Visible.line(name));
    }
    return mixed(name);
  }

  /** One word in letters of two alphabets is a name made to look like another. */
  private static Optional<String> mixed(String name) {
    for (String word : name.split("[\\s<>]+", -1)) {
      Set<UnicodeScript> alphabets =
          word.codePoints()
              .mapToObj(UnicodeScript::of)
              .filter(ALIKE::contains)
              .collect(Collectors.toSet());
      if (alphabets.size() > 1) {
        return Optional.of(
            "the sender's name mixes look-alike letters ("
                + alphabets.stream()
                    .map(alphabet -> alphabet.name().toLowerCase(Locale.ROOT))
                    .sorted()
                    .collect(Collectors.joining(", "))
                + "): "
                + Visible.line(name));
      }
    }
    return Optional.empty();
  }
}
