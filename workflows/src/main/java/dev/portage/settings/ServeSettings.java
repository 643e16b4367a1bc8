package dev.portage.settings;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Serving in the target.
 *
 * @param endpoint name of the endpoint
 * @param size compute of each served version
 * @param scaleToZero whether a version that gets no requests is stopped after a while
 * @param environment references to secrets, such as {@code {{secrets/churn/token}}}, by the names
 *     of the variables that they are given to the model as
 * @param steps shares of the traffic in percent, growing; the last is 100
 * @param soak how long each step is watched
 * @param timeout how long a version may take to be ready
 * @param longestSoak how long at most while a step waits for {@link ServeLimits#minRequests}
 * @param limits what the new version has to keep
 * @param cases requests of the smoke test besides the input example
 * @param keep how many old versions stay at 0 % after a release
 */
public record ServeSettings(
    String endpoint,
    Size size,
    Boolean scaleToZero,
    Map<String, String> environment,
    List<Integer> steps,
    Duration timeout,
    Duration soak,
    Duration longestSoak,
    ServeLimits limits,
    List<ServeCase> cases,
    Integer keep) {

  /** Steps of a file that names none. */
  public static final List<Integer> STEPS = List.of(5, 25, 50, 100);

  /** Soak of a file that names none: the metrics of Databricks are of one minute. */
  public static final Duration SOAK = Duration.ofMinutes(10);

  /** How long a version may take to be ready where the file says nothing: its image is built. */
  public static final Duration TIMEOUT = Duration.ofHours(1);

  /** Old versions that a file keeps that names no number. */
  public static final int KEEP = 1;

  private static final int LONGEST_SOAKS = 6;

  /** Compute of a served version, by the words that Databricks has for it. */
  public enum Size {
    SMALL("Small"),
    MEDIUM("Medium"),
    LARGE("Large");

    private final String word;

    Size(String word) {
      this.word = word;
    }

    /** The word of Databricks' API. */
    public String word() {
      return word;
    }

    /** The word in {@code promotion.yaml}. */
    public String written() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ServeSettings {
    // Sorted, so that it is written the same in each history.
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    steps = List.copyOf(steps);
    cases = List.copyOf(cases);
  }

  /** An endpoint with everything that nobody has to say. */
  public static ServeSettings of(String endpoint) {
    return new ServeSettings(
        endpoint,
        Size.SMALL,
        false,
        Map.of(),
        STEPS,
        TIMEOUT,
        SOAK,
        longest(SOAK),
        ServeLimits.NONE,
        List.of(),
        KEEP);
  }

  /** How long a step waits at most where the file doesn't say. */
  static Duration longest(Duration soak) {
    return soak.multipliedBy(LONGEST_SOAKS);
  }

  /** The same in a workspace that gives it another name. */
  public ServeSettings named(String its) {
    return new ServeSettings(
        its,
        size,
        scaleToZero,
        environment,
        steps,
        timeout,
        soak,
        longestSoak,
        limits,
        cases,
        keep);
  }

  /** The same with the names of one workspace, where it has names of its own. */
  ServeSettings with(@Nullable WorkspaceNames names) {
    return names == null ? this : named(Objects.requireNonNullElse(names.endpoints(), endpoint));
  }

  /** How long all steps are watched, without what extends a soak. */
  public Duration sideBySide() {
    return soak.multipliedBy(steps.size());
  }
}
