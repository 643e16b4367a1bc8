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
 * @param watch how the version is watched after that; null for not at all
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
    Integer keep,
    @Nullable ServeWatch watch) {

  /** Steps of a file that names none. */
  public static final List<Integer> STEPS = List.of(5, 25, 50, 100);

  /** Soak of a file that names none: the metrics of Databricks are of one minute. */
  public static final Duration SOAK = Duration.ofMinutes(10);

  /** The longest soak of a step: a promotion holds the model's turn meanwhile. */
  static final Duration MOST_SOAK = Duration.ofDays(7);

  /** Requests are counted by whole minutes, so before that none is known. */
  static final Duration LEAST_LONGEST_SOAK = Duration.ofMinutes(1);

  /** An image is not built faster. */
  static final Duration LEAST_TIMEOUT = Duration.ofMinutes(1);

  /** What isn't ready by then will not be. */
  static final Duration MOST_TIMEOUT = Duration.ofHours(24);

  /** How long a version may take to be ready where the file says nothing: its image is built. */
  public static final Duration TIMEOUT = Duration.ofHours(1);

  /** Old versions that a file keeps that names no number. */
  public static final int KEEP = 1;

  private static final int LONGEST_SOAKS = 6;

  /** Compute of a served version, by the words that Databricks has for it. */
  public enum Size {
    SMALL("Small", "CPU"),
    MEDIUM("Medium", "CPU"),
    LARGE("Large", "CPU"),
    GPU_SMALL("Small", "GPU_SMALL"),
    GPU_MEDIUM("Small", "GPU_MEDIUM"),
    GPU_LARGE("Small", "GPU_LARGE"),
    GPU_XLARGE("Small", "GPU_XLARGE"),
    MULTIGPU_MEDIUM("Small", "MULTIGPU_MEDIUM");

    private final String word;
    private final String type;

    Size(String word, String type) {
      this.word = word;
      this.type = type;
    }

    /** The size in Databricks' API: how many requests are answered at once. */
    public String word() {
      return word;
    }

    /** The kind of machine in Databricks' API. */
    public String type() {
      return type;
    }

    /** The word in {@code promotion.yaml}. */
    public String written() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** By its word in {@code promotion.yaml}. */
    static Size of(String written) {
      return valueOf(written.toUpperCase(Locale.ROOT).replace('-', '_'));
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
    return new Builder(endpoint).build();
  }

  /** This one, to be changed. */
  public Builder toBuilder() {
    Builder builder = new Builder(endpoint);
    builder.size = size;
    builder.scaleToZero = scaleToZero;
    builder.environment = environment;
    builder.steps = steps;
    builder.timeout = timeout;
    builder.soak = soak;
    builder.longestSoak = longestSoak;
    builder.limits = limits;
    builder.cases = cases;
    builder.keep = keep;
    builder.watch = watch;
    return builder;
  }

  /** How long a step waits at most where the file doesn't say. */
  static Duration longest(Duration soak) {
    Duration usual = soak.multipliedBy(LONGEST_SOAKS);
    return usual.compareTo(LEAST_LONGEST_SOAK) > 0 ? usual : LEAST_LONGEST_SOAK;
  }

  /** The same in a workspace that gives it another name. */
  public ServeSettings named(String its) {
    return toBuilder().endpoint(its).build();
  }

  /** The same with other cases. */
  ServeSettings with(List<ServeCase> others) {
    return toBuilder().cases(others).build();
  }

  /** The same with the names of one workspace, where it has names of its own. */
  ServeSettings with(@Nullable WorkspaceNames names) {
    return names == null ? this : named(Objects.requireNonNullElse(names.endpoints(), endpoint));
  }

  /** How long all steps are watched, without what extends a soak. */
  public Duration sideBySide() {
    return soak.multipliedBy(steps.size());
  }

  /** Fills in the components by name; what is not named is as in a file that doesn't name it. */
  public static final class Builder {
    private String endpoint;
    private Size size = Size.SMALL;
    private Boolean scaleToZero = false;
    private Map<String, String> environment = Map.of();
    private List<Integer> steps = STEPS;
    private Duration timeout = TIMEOUT;
    private Duration soak = SOAK;
    private Duration longestSoak = longest(SOAK);
    private ServeLimits limits = ServeLimits.NONE;
    private List<ServeCase> cases = List.of();
    private Integer keep = KEEP;
    private @Nullable ServeWatch watch;

    private Builder(String endpoint) {
      this.endpoint = endpoint;
    }

    /** Name of the endpoint. */
    public Builder endpoint(String endpoint) {
      this.endpoint = endpoint;
      return this;
    }

    /** Compute of each served version. */
    public Builder size(Size size) {
      this.size = size;
      return this;
    }

    /** Whether a version that gets no requests is stopped after a while. */
    public Builder scaleToZero(boolean scaleToZero) {
      this.scaleToZero = scaleToZero;
      return this;
    }

    /** References to secrets, by the names of variables. */
    public Builder environment(Map<String, String> environment) {
      this.environment = environment;
      return this;
    }

    /** Shares of the traffic in percent, growing; the last is 100. */
    public Builder steps(List<Integer> steps) {
      this.steps = steps;
      return this;
    }

    /** How long a version may take to be ready. */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** How long each step is watched, and for how long at most while it waits for requests. */
    public Builder soak(Duration soak, Duration longestSoak) {
      this.soak = soak;
      this.longestSoak = longestSoak;
      return this;
    }

    /**
     * How long each step is watched; six times that at most while it waits for requests, but no
     * less than a minute.
     */
    public Builder soak(Duration soak) {
      return soak(soak, longest(soak));
    }

    /** What the new version has to keep. */
    public Builder limits(ServeLimits limits) {
      this.limits = limits;
      return this;
    }

    /** Requests of the smoke test besides the input example. */
    public Builder cases(List<ServeCase> cases) {
      this.cases = cases;
      return this;
    }

    /** How many old versions stay at 0 % after a release. */
    public Builder keep(int keep) {
      this.keep = keep;
      return this;
    }

    /** How the version is watched after the release; null for not at all. */
    public Builder watch(@Nullable ServeWatch watch) {
      this.watch = watch;
      return this;
    }

    /** What was filled in. */
    public ServeSettings build() {
      return new ServeSettings(
          endpoint,
          size,
          scaleToZero,
          environment,
          steps,
          timeout,
          soak,
          longestSoak,
          limits,
          cases,
          keep,
          watch);
    }
  }
}
