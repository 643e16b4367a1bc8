package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * What a logged model has that it can be tested by.
 *
 * @param signature whether it has a signature
 * @param example whether it has an input example that an endpoint takes
 * @param numbers whether its signature says that it answers nothing but numbers; null if that is
 *     unknown, as from a worker that did not look
 */
public record Testable(Boolean signature, Boolean example, @Nullable Boolean numbers) {

  /** One whose answers are unknown. */
  public Testable(Boolean signature, Boolean example) {
    this(signature, example, null);
  }
}
