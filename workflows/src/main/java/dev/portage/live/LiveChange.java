package dev.portage.live;

import java.util.Map;

/**
 * What a hop made of a live thing, and what is needed to undo that.
 *
 * @param before how the change itself found it
 * @param now how it is since: its desired state
 * @param undo what else its class needs to undo it, by name
 */
public record LiveChange(LiveState before, LiveState now, Map<String, String> undo) {

  public LiveChange {
    undo = Map.copyOf(undo);
  }

  /** A change whose states say all that is needed. */
  public LiveChange(LiveState before, LiveState now) {
    this(before, now, Map.of());
  }

  /** Name of the thing. */
  public String thing() {
    return now.thing();
  }
}
