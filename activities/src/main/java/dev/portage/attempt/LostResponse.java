package dev.portage.attempt;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a duplicate may still appear. An attempt after the first can't know whether the one
 * before it made the same request and lost the response; the server may still be working on it. So
 * whatever such an attempt creates records in a tag until when a duplicate may appear.
 */
public final class LostResponse {

  /** In milliseconds since 1970; missing on what a first attempt made. */
  public static final String TAG = "portage_twin_until";

  /** Servers have been seen to work for 40 s on a call whose caller had given up. */
  private static final Duration LATEST = Duration.ofSeconds(60);

  private LostResponse() {}

  /** Tags for what this attempt makes. */
  public static Map<String, String> tags(int attempt, Instant now) {
    return attempt <= 1 ? Map.of() : Map.of(TAG, String.valueOf(now.plus(LATEST).toEpochMilli()));
  }

  /** How long a duplicate of what this attempt made may appear; null if none may. */
  public static @Nullable Duration mayCome(int attempt) {
    return attempt <= 1 ? null : LATEST;
  }

  /** How long a duplicate may still appear; null if none may. */
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
   * The message about a deleted duplicate.
   *
   * @param twin the duplicate, such as "run 8f3a… in prod"
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
