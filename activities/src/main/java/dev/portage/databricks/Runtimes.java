package dev.portage.databricks;

import com.databricks.sdk.service.compute.SparkVersion;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Chooses from the runtimes on offer. */
final class Runtimes {
  private static final Pattern VERSION = Pattern.compile("\\d{1,4}\\.\\d{1,4}\\..*");

  /** How a policy names a runtime that moves with what is on offer. */
  private static final String AUTO = "auto:";

  private Runtimes() {}

  /** Whether it has the drivers and libraries of GPUs. */
  static boolean isGpu(String key) {
    return key.contains("-gpu-");
  }

  /** The newest long-term-support ML runtime on offer, for GPUs or without. */
  static Optional<String> newestMl(Collection<SparkVersion> offered, boolean gpu) {
    return newest(
        offered,
        version -> key(version).contains(gpu ? "-gpu-ml-" : "-cpu-ml-") && isLongTerm(version));
  }

  /**
   * Whether a policy's word for a runtime means this one.
   *
   * @param word a runtime, or as {@code auto:latest-lts-ml}
   * @return null if unknown
   * @see <a
   *     href="https://docs.databricks.com/aws/en/admin/clusters/policy-definition#special-policy-values">Special
   *     policy values for the runtime</a>
   */
  static @Nullable Boolean means(String word, String runtime, Collection<SparkVersion> offered) {
    if (!word.startsWith(AUTO)) {
      return word.equals(runtime);
    }
    if (word.equals(runtime)) {
      return true;
    }
    String which = word.substring(AUTO.length());
    boolean lts = which.startsWith("latest-lts");
    if (!lts && !which.startsWith("latest")) {
      return null;
    }
    String kind = which.substring((lts ? "latest-lts" : "latest").length());
    Predicate<SparkVersion> wanted =
        switch (kind) {
          case "" -> version -> !key(version).contains("-ml-");
          case "-ml" -> version -> key(version).contains(isGpu(runtime) ? "-gpu-ml-" : "-cpu-ml-");
          default -> version -> false;
        };
    return newest(
            offered,
            version -> wanted.test(version) && !isBeta(version) && (!lts || isLongTerm(version)))
        .map(newest -> newest.equals(runtime))
        .orElse(null);
  }

  private static Optional<String> newest(
      Collection<SparkVersion> offered, Predicate<SparkVersion> wanted) {
    return offered.stream()
        .filter(version -> VERSION.matcher(key(version)).matches())
        .filter(wanted)
        .map(Runtimes::key)
        .max(
            Comparator.<String>comparingInt(key -> part(key, 0))
                .thenComparingInt(key -> part(key, 1))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String key(SparkVersion version) {
    String key = version.getKey();
    return key == null ? "" : key;
  }

  private static boolean isBeta(SparkVersion version) {
    String name = version.getName();
    return name != null && name.contains("Beta");
  }

  private static boolean isLongTerm(SparkVersion version) {
    String name = version.getName();
    return name != null && name.contains("LTS") && !isBeta(version);
  }

  /** A part of a version: 16.4.x-cpu-ml-scala2.12 has 16 and 4. */
  private static int part(String key, int index) {
    return Integer.parseInt(key.split("\\.", 3)[index]);
  }
}
