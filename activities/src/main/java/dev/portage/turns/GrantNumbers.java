package dev.portage.turns;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.lane.Grant;
import dev.portage.lane.GrantActivities;
import dev.portage.lane.GrantTag;
import dev.portage.lane.TurnRequest;
import io.temporal.failure.ApplicationFailure;
import java.util.Optional;

/**
 * Numbers of grants in a tag of the registered model. Registries have no compare-and-set: the lane
 * reads back what it wrote, and the holder of a grant checks before each change that it is still
 * there. So when two lanes race, the one that wrote last has granted.
 */
public final class GrantNumbers implements GrantActivities {

  private final ModelTags tags;

  /** Numbers in these tags. */
  public GrantNumbers(ModelTags tags) {
    this.tags = tags;
  }

  @Override
  public Optional<Grant> newestGrant(TurnRequest request) {
    return tags.read(request.workspace(), request.model(), GrantTag.KEY)
        .map(value -> GrantTag.read(value, request).orElseThrow(() -> unreadable(request, value)));
  }

  @Override
  public Grant nextGrant(TurnRequest request) {
    Optional<Grant> newest = newestGrant(request);
    if (newest.isPresent() && newest.get().request().equals(request)) {
      return newest.get();
    }
    Grant next = new Grant(request, newest.map(Grant::number).orElse(0L) + 1);
    tags.write(request.workspace(), request.model(), GrantTag.KEY, GrantTag.write(next));
    Optional<Grant> written = newestGrant(request);
    if (!written.equals(Optional.of(next))) {
      throw failure(
          FailureKind.PLATFORM,
          request,
          "write number " + next.number(),
          written
              .map(other -> "it is " + other.shown() + " of " + other.request().holder())
              .orElse("the tag is missing afterwards"),
          "Portage retries.");
    }
    return next;
  }

  private static ApplicationFailure unreadable(TurnRequest request, String value) {
    return failure(
        FailureKind.USER,
        request,
        "read who held the turn last",
        "it reads \"" + (value.length() > 60 ? value.substring(0, 60) + "…" : value) + "\"",
        "Someone changed it. When nothing is changing what is live there, delete the tag; then:"
            + " portage resume "
            + request.holder());
  }

  private static ApplicationFailure failure(
      FailureKind kind, TurnRequest request, String tried, String cameBack, String remedy) {
    return Failures.of(
        Problem.of(
            kind,
            tried + " in tag " + GrantTag.KEY + " of " + request.model(),
            "workspace " + request.workspace(),
            cameBack,
            remedy));
  }
}
