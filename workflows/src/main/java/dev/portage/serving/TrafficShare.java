package dev.portage.serving;

import dev.portage.text.Line;
import dev.portage.text.Span;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of an endpoint's traffic a new version has while it is being moved.
 *
 * @param endpoint name of the endpoint
 * @param version the new version
 * @param percent share that it has, 0 to 100
 * @param step number of that share among those of the file, from 1; 0 before the first
 * @param steps how many shares there are
 * @param until when its soak ends, at most; null while it is not watched
 */
public record TrafficShare(
    String endpoint,
    String version,
    Integer percent,
    Integer step,
    Integer steps,
    @Nullable Instant until) {

  /** Name of the step in which traffic is moved, behind its workspace. */
  public static final String STEP = "serve";

  public TrafficShare {
    until = until == null ? null : until.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * A share that is given now.
   *
   * @param shares all shares of the file, in order
   */
  public static TrafficShare of(
      String endpoint, String version, int percent, List<Integer> shares) {
    return new TrafficShare(
        endpoint, version, percent, shares.indexOf(percent) + 1, shares.size(), null);
  }

  /** The same while it is watched. */
  public TrafficShare watchedUntil(Instant end) {
    return new TrafficShare(endpoint, version, percent, step, steps, end);
  }

  /**
   * For logs and documents: "25 % of the traffic, soak ends 2026-11-30T12:04:00Z, 2 of 4 steps".
   */
  public String text() {
    return share() + (until == null ? "" : soak() + until) + place();
  }

  /** The same for a page: each reader sees the moment in their own zone. */
  public Line line() {
    Line share = Line.words(share());
    return (until == null ? share : share.andWords(soak()).and(new Span.Moment(until)))
        .andWords(place());
  }

  private String share() {
    return percent + " % of the traffic";
  }

  private static String soak() {
    return ", soak ends ";
  }

  private String place() {
    return ", " + step + " of " + steps + (steps == 1 ? " step" : " steps");
  }
}
