package dev.portage.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of several promotions of one model that are under way at once. From loose to strict:
 * each leaves more of what is under way alone. In all of them an older candidate never replaces a
 * newer one that went live while the older one was on its way, unless {@code --allow-older} said so
 * at its start.
 */
public enum Concurrency {
  /** A newer candidate ends the older ones that don't hold the turn. */
  SUPERSEDE,
  /** All go on, one turn after the other. */
  QUEUE,
  /** A promotion is refused while another one of the model is under way. */
  REFUSE;

  /** Its word in the files. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The policy of a word.
   *
   * @throws IllegalArgumentException when there is none
   */
  @JsonCreator
  public static Concurrency of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** The stricter one; null says nothing. */
  public Concurrency and(@Nullable Concurrency other) {
    return other == null || other.compareTo(this) < 0 ? this : other;
  }
}
