package dev.portage.rollback;

import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.live.LiveThings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names of a rollback's steps, in order; each live thing has one of its own name. */
final class RollbackSteps {

  static final String LOOK = "look";
  static final String APPROVE = "approve";
  static final String TURN = "turn";
  static final String RECORD = "record";
  static final String LABEL = "label";
  static final String LIFT = "lift";
  static final String QUARANTINE = "quarantine";

  private RollbackSteps() {}

  /**
   * Those to come, once it is known what is to be done.
   *
   * @param settings null before they were read
   */
  static List<String> of(@Nullable RollbackSettings settings, Findings looked) {
    List<String> names = new ArrayList<>(List.of(LOOK));
    if (settings != null && settings.approval() != null) {
      names.add(APPROVE);
    }
    names.add(TURN);
    for (LiveThing thing : LiveThings.known().all()) {
      if (looked.desired().stream().map(LiveState::thing).anyMatch(thing.name()::equals)) {
        names.add(thing.name());
      }
    }
    names.add(RECORD);
    if (looked.quarantined() != null) {
      names.add(LIFT);
    }
    if (looked.left() != null) {
      names.add(QUARANTINE);
    }
    names.add(LABEL);
    if (looked.predictions() != null) {
      names.add(Predictions.STEP);
    }
    if (looked.mark() != null) {
      names.add(OriginMark.STEP);
    }
    return names;
  }
}
