package dev.portage.document;

import dev.portage.text.Bounded;
import dev.portage.text.SecretShapes;
import dev.portage.text.Visible;
import org.jspecify.annotations.Nullable;

/**
 * One error in a file. The file's names and values may contain anything: each part is shortened to
 * one line of visible characters, and anything that looks like a secret is left out.
 *
 * @param file how the file was named
 * @param line where, from 1
 * @param path JSON pointer of the value, such as "/batch/table"; "" for the whole file
 * @param what what is wrong, one line; never a secret
 * @param allowed what is allowed there, null if that is obvious
 * @param remedy what to do about it, null when that says itself
 */
public record ValidationError(
    String file,
    int line,
    String path,
    String what,
    @Nullable String allowed,
    @Nullable String remedy) {

  private static final int MOST = 1000;

  public ValidationError {
    file = shown(file);
    path = shown(path);
    what = shown(what);
    allowed = allowed == null ? null : shown(allowed);
    remedy = remedy == null ? null : shown(remedy);
  }

  private static String shown(String text) {
    return Visible.line(Bounded.text(SecretShapes.without(text), MOST));
  }

  /** File and line, as editors and terminals make them clickable. */
  public String where() {
    return file + ":" + line;
  }

  /** What is wrong, what is allowed and what to do, without the place. */
  public String text() {
    StringBuilder text = new StringBuilder(what);
    if (remedy != null) {
      text.append("; ").append(remedy);
    }
    if (allowed != null) {
      text.append(remedy != null && remedy.endsWith("?") ? " " : "; ")
          .append("allowed: ")
          .append(allowed);
    }
    return text.toString();
  }

  /** All of it in one line: {@code promotion.yaml:4: unknown key "gate"; did you mean "gates"?}. */
  @Override
  public String toString() {
    return where() + ": " + text();
  }
}
