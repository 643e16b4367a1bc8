package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.failure.Failures;
import dev.portage.serving.ExampleActivities;
import dev.portage.serving.Testable;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;

/**
 * Learns once what a candidate can be tested with when it is served, so that people who decide know
 * what can't be. If it can't be read, the plan says only what is known.
 */
final class TestableLook {

  /** Under this, the journal keeps it. */
  static final String KEY = "testable";

  private TestableLook() {}

  /** Looks, where something is served and nobody has looked yet. */
  static void run(Journey journey, Candidate candidate) {
    if (journey.settings().serve() == null || journey.journal().has(KEY)) {
      return;
    }
    try {
      Testable testable =
          Stubs.quick(
                  ExampleActivities.class,
                  journey.originQueue(),
                  journey.settings().retryTimeout(),
                  "what can the model be tested with?")
              .testable(candidate.origin());
      journey.journal().put(KEY, testable);
    } catch (TemporalFailure unread) {
      if (CancellationScope.current().isCancelRequested()) {
        throw unread;
      }
      journey
          .progress()
          .notice(
              "it is not known whether the model has an input example: " + Failures.line(unread));
    }
  }
}
