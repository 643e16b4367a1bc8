package dev.portage.eventlog;

import dev.portage.clearance.Clearance;
import dev.portage.clearance.ClearanceActivities;
import dev.portage.freeze.FreezeActivities;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;

/**
 * Both kinds of records in one call.
 *
 * @param quarantine refused candidates
 * @param freezes freezes
 */
public record WorkspaceClearance(QuarantineActivities quarantine, FreezeActivities freezes)
    implements ClearanceActivities {

  @Override
  public Clearance clearance(QuarantineQuery candidate) {
    return new Clearance(
        candidate.digest() == null && candidate.commit() == null
            ? null
            : quarantine.quarantined(candidate).orElse(null),
        freezes.freezes(candidate.workspace()).stream()
            .filter(freeze -> freeze.concerns(candidate.model()))
            .toList());
  }
}
