package dev.portage.http;

import java.time.Duration;

/**
 * How long a stream of bytes may stall, in either direction.
 *
 * @param silence longest wait for the first byte of an answer, and between two bytes
 * @param longestSilence longest wait for the first byte of an answer that the server works on: an
 *     MLflow server before a cloud store fetches a whole file before it sends the first byte of it,
 *     and sends on a whole file before it says that it took it
 * @param leastBytes that have to come, or to be taken, in as long as {@code silence}: less is as
 *     good as nothing
 */
public record StreamLimits(Duration silence, Duration longestSilence, long leastBytes) {

  /** Those that are in force where nobody sets others. */
  public static final StreamLimits STANDARD =
      new StreamLimits(Duration.ofSeconds(30), Duration.ofMinutes(5), 256 * 1024);

  /** What a server that works on a file gets through in a second, at the least. */
  private static final long WORKED_ON = 4L << 20;

  /**
   * How long a first byte may take.
   *
   * @param bytes that the server has to work on before it answers
   */
  public Duration firstByte(long bytes) {
    Duration wait = silence.plusSeconds(bytes / WORKED_ON);
    return wait.compareTo(longestSilence) < 0 ? wait : longestSilence;
  }
}
