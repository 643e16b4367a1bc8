package dev.portage.settings;

import java.time.Duration;

/** Times to an answer as people write them: {@code 500ms}, {@code 2s}. */
final class WrittenLatency {
  private static final String MILLIS = "ms";

  private WrittenLatency() {}

  /** A time that the schema allows. */
  static Duration read(String text) {
    boolean millis = text.endsWith(MILLIS);
    String number = text.substring(0, text.length() - (millis ? MILLIS.length() : 1)).strip();
    long value = Long.parseLong(number);
    return millis ? Duration.ofMillis(value) : Duration.ofSeconds(value);
  }

  /** As {@link #read} takes it. */
  static String text(Duration latency) {
    return latency.toMillis() + MILLIS;
  }
}
