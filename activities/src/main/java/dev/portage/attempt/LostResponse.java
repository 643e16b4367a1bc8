package dev.portage.attempt;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether something may yet come into being a second time. An attempt after the first doesn't know
 * whether the one before it had asked for the same thing and got no answer; the server may still be
 * at it. So what such an attempt makes says in a tag until when a twin may show up.
 */
public final class LostResponse {

  /** In milliseconds since 1970; missing on what a first attempt made. */
  public static final String TAG = "portage_twin_until";

  /** Servers were seen to go on for 40 s with a call that nobody waited for any more. */
  private static final Duration LATEST = Duration.ofSeconds(60);

  private LostResponse() {}

  /** Tags for what this attempt makes. */
  public static Map<String, String> tags(int attempt, Instant now) {
    return attempt <= 1 ? Map.of() : Map.of(TAG, String.valueOf(now.plus(LATEST).toEpochMilli()));
  }

  /** How long a twin of something may still show up, null when none may. */
  public static @Nullable Duration left(Map<String, String> tags, Instant now) {
    String until = tags.getOrDefault(TAG, "");
    if (!until.matches("\\d{1,15}")) {
      return null;
    }
    Duration left = Duration.between(now, Instant.ofEpochMilli(Long.parseLong(until)));
    if (!left.isPositive()) {
      return null;
    }
    // A clock of another machine, or a tag of another hand.
    return left.compareTo(LATEST) < 0 ? left : LATEST;
  }

  /**
   * What people are told of a twin that was deleted.
   *
   * @param twin what it is, as "run 8f3a… in prod"
   */
  public static String removed(String twin) {
    return twin + " existed twice because a call got no response; the duplicate was removed";
  }

  /** The longer of two, of which each may be none. */
  public static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) > 0 ? one : other;
  }
}
