package dev.portage.start;

import dev.portage.preflight.PreflightReport;
import dev.portage.watch.ExistingPromotion;

/** The result of a request to start a promotion. */
public sealed interface Outcome {

  /** It was started. */
  record Started(String id, PreflightReport preflight) implements Outcome {}

  /** Temporal already has it, under way or ended. */
  record Existing(ExistingPromotion existing) implements Outcome {}

  /** It was released so long ago that only the registry still knows. */
  record ReleasedBefore(String id, PreflightReport preflight) implements Outcome {}

  /** Something failed; nothing was started. */
  record Missing(String id, PreflightReport preflight) implements Outcome {}
}
