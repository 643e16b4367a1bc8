package dev.portage.store;

import io.temporal.failure.ApplicationFailure;

/**
 * Decides whether and when a failed request is sent again. Stores don't decide that themselves:
 * only the copy knows what else gets through, and how long to continue.
 */
@FunctionalInterface
public interface Retry {
  /** Sends nothing again. */
  Retry NEVER =
      failure -> {
        throw failure;
      };

  /**
   * Returns once the request may be sent again; it may wait first.
   *
   * @throws ApplicationFailure this failure, when the request is not to be sent again
   */
  void after(ApplicationFailure failure);
}
