package dev.portage.job;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a lasting job.
 *
 * @param workspace where it lives
 * @param name its name
 * @param model registered model that its tag names
 * @param promotion id of the promotion that asks: jobs that it made beside the one that counts are
 *     no clones; null where none asks, or from a writer that did not say
 */
public record JobQuery(String workspace, String name, String model, @Nullable String promotion) {

  /** Asks without being a promotion. */
  public JobQuery(String workspace, String name, String model) {
    this(workspace, name, model, null);
  }
}
