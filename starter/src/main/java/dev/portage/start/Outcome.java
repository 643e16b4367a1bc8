package dev.portage.start;

import dev.portage.preflight.PreflightReport;
import dev.portage.watch.ExistingPromotion;
import java.util.List;

/** The result of a request to start a promotion. */
public sealed interface Outcome {

  /**
   * It was started.
   *
   * @param rivals what that does to others of its model, a line on each
   */
  record Started(String id, PreflightReport preflight, List<String> rivals) implements Outcome {
    public Started {
      rivals = List.copyOf(rivals);
    }
  }

  /** Temporal already has it, under way or ended. */
  record Existing(ExistingPromotion existing) implements Outcome {}

  /** It was released so long ago that only the registry still knows. */
  record ReleasedBefore(String id, PreflightReport preflight) implements Outcome {}

  /** Something failed; nothing was started. */
  record Missing(String id, PreflightReport preflight) implements Outcome {}
}
