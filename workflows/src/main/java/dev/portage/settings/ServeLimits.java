package dev.portage.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a version has to keep while it is given more and more of the traffic.
 *
 * @param latency longest time to an answer; null for no limit
 * @param errors highest share of requests that fail, in percent; null for {@link #ERRORS}
 * @param agreement lowest share of predictions like the champion's, in percent; null for no limit
 * @param minRequests requests of others that each step has to see; null for none
 * @param tolerance how much a prediction may differ from the champion's and still be alike; null
 *     for {@link ServeCase#TOLERANCE}
 */
public record ServeLimits(
    @Nullable Duration latency,
    @Nullable Double errors,
    @Nullable Double agreement,
    @Nullable Integer minRequests,
    @Nullable Double tolerance) {

  /** Share of failed requests that is allowed where the file says none, in percent. */
  public static final double ERRORS = 1;

  /** Of a file without limits. */
  public static final ServeLimits NONE = new ServeLimits(null, null, null, null);

  /** One with the usual tolerance. */
  public ServeLimits(
      @Nullable Duration latency,
      @Nullable Double errors,
      @Nullable Double agreement,
      @Nullable Integer minRequests) {
    this(latency, errors, agreement, minRequests, null);
  }

  /** The same with so many requests of others that each step has to see. */
  public ServeLimits withMinRequests(int requests) {
    return new ServeLimits(latency, errors, agreement, requests, tolerance);
  }

  /** How much a prediction may differ from the champion's and still be alike. */
  public double toleranceAllowed() {
    return tolerance == null ? ServeCase.TOLERANCE : tolerance;
  }

  /** Highest share of requests that fail, in percent. */
  public double errorsAllowed() {
    return errors == null ? ERRORS : errors;
  }

  /** All of them in a few words, as in the plan. */
  public String text() {
    List<String> texts = new ArrayList<>();
    texts.add("errors at most " + percent(errorsAllowed()));
    if (latency != null) {
      texts.add("latency at most " + latency.toMillis() + "ms");
    }
    if (agreement != null) {
      texts.add(
          "agreement with the champion at least "
              + percent(agreement)
              + (tolerance == null ? "" : " within " + tolerance));
    }
    if (minRequests != null) {
      texts.add("at least " + minRequests + " requests at each step");
    }
    return String.join(", ", texts);
  }

  /** A share as people write it: {@code 5 %}, {@code 0.5 %}. */
  public static String percent(double share) {
    return (share == Math.rint(share) ? Long.toString((long) share) : Double.toString(share))
        + " %";
  }
}
