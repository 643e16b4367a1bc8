package dev.portage.shortid;

import dev.portage.watch.Promotions;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A promotion's id as somebody types it: {@code promotion/churn/0123456789ab}, {@code
 * churn/0123456789ab}, {@code churn/0123}, {@code 0123} or {@code churn}.
 *
 * @param typed as it was typed
 * @param model name of the model, null when it was not given
 * @param key the beginning of the key, "" when it was not given
 */
record ShortId(String typed, @Nullable String model, String key) {

  /** Keys that nobody would shorten to: of a commit, version or run, or of a repeat. */
  private static final Pattern WHOLE =
      Pattern.compile("([0-9a-f]{12}|r[0-9a-zA-Z-]{12})(/[0-9]+)?");

  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  private static final Pattern KEY = Pattern.compile("[\\w./:-]{1,200}");

  /** A version, or which repeat: a number is never shortened. */
  private static final Pattern NUMBER = Pattern.compile("v[0-9]+|.*/[0-9]+");

  static ShortId of(String typed) {
    String text = typed.strip();
    String prefix = Promotions.id("");
    String inside = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    int slash = inside.indexOf('/');
    return slash < 0
        ? new ShortId(typed, null, inside)
        : new ShortId(typed, inside.substring(0, slash), inside.substring(slash + 1));
  }

  /** Whether a promotion can have such an id: others are not looked for. */
  boolean isPossible() {
    return (model == null || MODEL.matcher(model).matches()) && KEY.matcher(key).matches();
  }

  /** Whether it can be nothing but a whole id, so that nobody has to be asked what it means. */
  boolean isWhole() {
    return model != null && WHOLE.matcher(key).matches();
  }

  /** The id, read as a whole one. */
  String id() {
    return Promotions.id(model == null ? key : model + "/" + key);
  }

  /** Whether it stands for this promotion. */
  boolean fits(String id) {
    String[] parts = id.split("/", 3);
    if (parts.length < 3 || (model != null && !parts[1].equals(model))) {
      return false;
    }
    return begins(parts[2])
        ? model != null || !key.isEmpty()
        : model == null && parts[1].equals(key);
  }

  /** Whether a key begins with what was typed; v1 is another version than v12. */
  private boolean begins(String whole) {
    return whole.startsWith(key)
        && (whole.length() == key.length()
            || whole.charAt(key.length()) == '/'
            || !NUMBER.matcher(key).matches());
  }
}
