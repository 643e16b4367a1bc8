package dev.portage.adopt;

import dev.portage.activity.Stubs;
import dev.portage.clearance.Clearance;
import dev.portage.clearance.ClearanceActivities;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.Tags;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An adoption changes records and tags alone, which no freeze holds up: one is wanted most when
 * nothing may change. Except where no version is marked as the champion: then it marks one, which
 * changes what readers get, and heeds freezes and quarantine as a promotion does.
 */
final class MarkClearance {

  private MarkClearance() {}

  /**
   * Makes sure that the version may be marked.
   *
   * @param digest of its files, null if it is not known yet
   * @throws ApplicationFailure a user error when the workspace is frozen or the version in
   *     quarantine
   */
  static void require(Findings looked, @Nullable String digest) {
    if (looked.marked()) {
      return;
    }
    Station target = looked.settings().target();
    String trained = looked.trained().commit();
    String commit = trained == null ? looked.version().tags().get(Tags.COMMIT) : trained;
    Clearance clearance =
        Stubs.quick(
                ClearanceActivities.class,
                Queues.of(target.workspace()),
                looked.settings().retryTimeout(),
                "is " + target.workspace() + " frozen, or the version in quarantine?")
            .clearance(
                new QuarantineQuery(
                    target.workspace(),
                    target.model(),
                    digest == null ? looked.version().tags().get(Tags.DIGEST) : digest,
                    commit));
    Optional<Freeze> freeze =
        clearance.freezesAt(Instant.ofEpochMilli(Workflow.currentTimeMillis())).stream()
            .findFirst();
    if (freeze.isPresent()) {
      throw refused(
          looked, freeze.get().text(), freeze.get().remedy() + " Or adopt it after that time.");
    }
    Quarantined entry = clearance.quarantined();
    if (entry != null) {
      throw refused(
          looked,
          "it is in quarantine: " + entry.text(),
          "Adopt another version; or, if it may go live after all: " + entry.lift());
    }
  }

  private static ApplicationFailure refused(Findings looked, String why, String remedy) {
    Station target = looked.settings().target();
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "mark version " + looked.version().version() + " of " + target.model(),
            "workspace " + target.workspace(),
            "no version is "
                + FirstLook.mark(target)
                + " yet, so the adoption would change it; "
                + why,
            "Nothing was changed. " + remedy));
  }
}
