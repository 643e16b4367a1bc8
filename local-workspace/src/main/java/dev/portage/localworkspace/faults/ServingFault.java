package dev.portage.localworkspace.faults;

import org.jspecify.annotations.Nullable;

/**
 * A fault waiting for served versions of models.
 *
 * @param version model and version, such as {@code main.ml.churn/3}, where {@code *} stands for any
 *     characters
 * @param effect what goes wrong
 * @param times how many starts or answers it strikes before it is spent; null for all until it is
 *     taken away
 */
public record ServingFault(String version, ServingEffect effect, @Nullable Integer times) {
  /** Checks that the fault can strike. */
  public ServingFault {
    if (times != null && times < 1) {
      throw new IllegalArgumentException(
          "times must be at least 1, or null for every one, not " + times);
    }
  }

  /** A fault of the next start or answer only. */
  public static ServingFault once(String version, ServingEffect effect) {
    return new ServingFault(version, effect, 1);
  }

  /** A fault of every start or answer. */
  public static ServingFault always(String version, ServingEffect effect) {
    return new ServingFault(version, effect, null);
  }
}
