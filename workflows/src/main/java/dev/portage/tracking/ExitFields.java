package dev.portage.tracking;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object embedded in a text: JSON, Python's {@code str} of a dict, or {@code
 * Name(key=value)}. It understands only quotes, brackets, commas, colons and equal signs; anything
 * may be in between. One pass over the text, without backtracking.
 */
final class ExitFields {
  private static final Set<String> KEYS = Set.of("run_id", "model_id", "model_uri");
  private static final Set<String> NO_VALUE =
      Set.of("null", "none", "nan", "true", "false", "undefined", "nil");

  /** Longer than any id, name or URI that is meant; a longer text is passed over. */
  private static final int LONGEST = 1024;

  /** How deeply nested in calls the object may be, as in {@code OrderedDict({…})}. */
  private static final int CALLS = 3;

  private final ExitTokens tokens;
  private final Map<String, String> named = new HashMap<>();
  private @Nullable String wrapped;
  private boolean closed;

  private ExitFields(String text) {
    this.tokens = new ExitTokens(text);
  }

  /** Reads them. */
  static ExitFields of(String text) {
    ExitFields fields = new ExitFields(text);
    fields.read();
    return fields;
  }

  /** The object's fields that are wanted and contain text, the last of each. */
  Map<String, String> named() {
    return named;
  }

  /** The quoted content if the whole text is quoted, otherwise null. */
  @Nullable String wrapped() {
    return wrapped;
  }

  /** Whether there is an object or a text in quotes that does not end. */
  boolean cut() {
    return !closed;
  }

  private void read() {
    closed = true;
    ExitTokens.Kind token = tokens.next();
    if (token == ExitTokens.Kind.TEXT || token == ExitTokens.Kind.CUT) {
      wrapped = tokens.text();
      closed = token == ExitTokens.Kind.TEXT;
      return;
    }
    int calls = 0;
    while (token == ExitTokens.Kind.WORD && tokens.isBeforeBracket() && calls < CALLS) {
      tokens.next();
      token = tokens.next();
      calls++;
    }
    if (token == ExitTokens.Kind.OPEN && tokens.bracket() == '{') {
      object(tokens.next());
    } else if (calls > 0) {
      object(token);
    }
  }

  /** The fields up to the bracket that closes the object. */
  private void object(ExitTokens.Kind start) {
    closed = false;
    int depth = 0;
    String key = null;
    boolean expectsKey = true;
    boolean expectsValue = false;
    for (ExitTokens.Kind token = start;
        token != ExitTokens.Kind.END && token != ExitTokens.Kind.CUT;
        token = tokens.next()) {
      switch (token) {
        case OPEN -> {
          // A call around a text, as np.str_('…'), is that text.
          expectsValue = expectsValue && depth == 0 && tokens.bracket() == '(';
          depth++;
        }
        case CLOSE -> {
          if (depth == 0) {
            closed = true;
            return;
          }
          depth--;
        }
        case COMMA -> {
          if (depth == 0) {
            expectsKey = true;
          }
          expectsValue = false;
        }
        case SEPARATOR -> expectsValue = depth == 0 && key != null && !expectsKey;
        case TEXT, WORD -> {
          if (depth == 0 && expectsKey) {
            key = tokens.text();
            expectsKey = false;
          } else if (expectsValue && key != null) {
            if (token == ExitTokens.Kind.WORD && tokens.isBeforeBracket()) {
              break; // The name of a call.
            }
            put(key, tokens.text(), token == ExitTokens.Kind.WORD);
            expectsValue = false;
          }
        }
        default -> {}
      }
    }
  }

  private void put(String key, String value, boolean bare) {
    String text = ModelUri.stripped(value);
    boolean isText =
        !text.isEmpty()
            && text.length() <= LONGEST
            && text.chars().noneMatch(Character::isISOControl);
    boolean isNone = bare && NO_VALUE.contains(text.toLowerCase(Locale.ROOT));
    if (KEYS.contains(key) && isText && !isNone) {
      named.put(key, text);
    }
  }
}
