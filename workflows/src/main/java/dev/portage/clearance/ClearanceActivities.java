package dev.portage.clearance;

import dev.portage.quarantine.QuarantineQuery;
import io.temporal.activity.ActivityInterface;

/** Reads in one call whether a candidate may go live. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface ClearanceActivities {

  /** Quarantine and freezes as they are now; changes nothing. */
  Clearance clearance(QuarantineQuery candidate);
}
