package dev.portage.quarantine;

import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Optional;

/**
 * Candidates that are refused in a workspace, recorded there, so that neither Temporal's retention
 * nor a lost server forgets them. On task queue {@code portage/<workspace>}.
 */
@ActivityInterface
public interface QuarantineActivities {

  /**
   * Refuses a candidate from now on. The same entry twice is one, even if the candidate has been
   * lifted since: returns it as it is recorded. So is one that another entry says already.
   */
  Quarantined quarantine(Quarantined entry);

  /** Why a candidate is refused now; empty if it isn't. By its digest or its commit. */
  Optional<Quarantined> quarantined(QuarantineQuery query);

  /** Every entry that matches, lifted ones included, the newest first. */
  List<Quarantined> quarantines(QuarantineQuery query);

  /**
   * Lifts a candidate: it may be promoted again. Returns what was lifted.
   *
   * @throws io.temporal.failure.ApplicationFailure a user error if no such candidate is refused, or
   *     the given beginning fits several
   */
  List<Quarantined> lift(LiftOrder order);
}
