package dev.portage.step;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The result of a step.
 *
 * @param <T> what later steps need of it
 * @param result that
 * @param text one line for people
 * @param page where it can be seen, null when nowhere
 */
public record Made<T>(T result, String text, @Nullable URI page) {

  /** One that can be seen nowhere. */
  public static <T> Made<T> of(T result, String text) {
    return new Made<>(result, text, null);
  }
}
