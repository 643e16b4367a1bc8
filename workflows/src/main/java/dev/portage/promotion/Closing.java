package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.RegistryActivities;
import dev.portage.settings.Station;
import io.temporal.workflow.Workflow;

/** Step {@code close}: what follows from a release. It retries or waits, it never undoes. */
final class Closing {

  private Closing() {}

  static void run(Journey journey, Candidate candidate) {
    Station origin = journey.settings().first();
    Workflow.newDetachedCancellationScope(() ->
            journey
                .steps()
                .resumable(
                    StepNames.CLOSE,
                    origin.workspace(),
                    attempt -> {
                      Marked marked =
                          Stubs.untilDone(
                                  RegistryActivities.class,
                                  journey.originQueue(),
                                  origin.marking().live() + " in " + origin.workspace())
                              .mark(
                                  new MarkOrder(
                                      origin.workspace(),
                                      origin.model(),
                                      candidate.originVersion(),
                                      origin.marking(),
                                      origin.marking().live()));
                      return Made.of(
                          marked,
                          marked.mark()
                              + " of "
                              + origin.model()
                              + " in "
                              + origin.workspace()
                              + " is version "
                              + marked.version());
                    }))
        .run();
  }
}
