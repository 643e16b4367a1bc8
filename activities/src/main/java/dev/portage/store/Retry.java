package dev.portage.store;

import io.temporal.failure.ApplicationFailure;

/**
 * Decides whether a failed request is sent again, and when. No store decides that by itself: only
 * whoever moves the bytes knows what else gets through, and how long to go on.
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
