package dev.portage.promotion;

import dev.portage.candidate.Candidate;
import dev.portage.scoring.Rehearsal;
import dev.portage.scoring.Rehearsal.Outcome;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.Station;
import dev.portage.step.Made;
import org.jspecify.annotations.Nullable;

/**
 * Step {@code rehearse}: before anyone is asked, what scores in production scores in the first
 * workspace, with the exact candidate and into a temporary table of its own. A bug in it then costs
 * a commit, not an approval.
 *
 * <p>Whether there is a rehearsal is in the settings, which are frozen at the promotion's start:
 * one that started under an earlier release has none.
 */
final class Rehearsing {

  private final Journey journey;
  private final Candidate candidate;
  private final Station origin;

  Rehearsing(Journey journey, Candidate candidate) {
    this.journey = journey;
    this.candidate = candidate;
    this.origin = journey.settings().first();
  }

  /** Its result; null without one. */
  @Nullable Rehearsal run() {
    RehearsalSettings rehearsal = journey.settings().rehearsal();
    BatchSettings batch = journey.settings().batchAt(journey.settings().first());
    if (rehearsal == null || batch == null) {
      return null;
    }
    String whyNot = rehearsal.whyNot();
    if (whyNot != null) {
      journey.progress().steps().skipped(StepNames.REHEARSE, whyNot);
      return null;
    }
    return journey
        .steps()
        .resumable(
            StepNames.REHEARSE,
            Rehearsal.class,
            origin.workspace(),
            attempt -> {
              Rehearsal came =
                  new RehearsalRun(journey, candidate, rehearsal, batch, attempt).withItsTable();
              if (came.outcome() == Outcome.SKIPPED) {
                journey.progress().notice("scoring was not rehearsed: " + came.text());
              }
              return new Made<>(came, told(came), came.page());
            });
  }

  private static String told(Rehearsal came) {
    return switch (came.outcome()) {
      case PASSED -> came.text() + (came.fits() == null ? "" : "; " + came.fits());
      case INCONCLUSIVE -> "inconclusive: " + came.text();
      case SKIPPED -> "not rehearsed: " + came.text();
    };
  }
}
