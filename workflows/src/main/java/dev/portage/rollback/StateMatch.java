package dev.portage.rollback;

import dev.portage.live.LiveState;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Whether a live thing is as a release recorded it, as far as both say. Pure. */
final class StateMatch {

  /** What is only told of a thing, and no part of its state. */
  private static final Set<String> TOLD =
      Set.of("remarks", "promotion", "stored", "code", "timeout", "address", "ready");

  private StateMatch() {}

  /**
   * Whether two states of one thing differ in nothing that both of them say. One that is still
   * being changed is like none.
   *
   * @param one how it is
   * @param other how it was
   */
  static boolean same(LiveState one, LiveState other) {
    return one.underWay() == null
        && one.thing().equals(other.thing())
        && one.present().equals(other.present())
        && Objects.equals(one.version(), other.version())
        && (one.settings() == null
            || other.settings() == null
            || one.settings().sha256().equals(other.settings().sha256()))
        && one.values().entrySet().stream()
            .filter(value -> !TOLD.contains(value.getKey()))
            .allMatch(value ->
                Objects.equals(
                    other.values().getOrDefault(value.getKey(), value.getValue()),
                    value.getValue()));
  }

  /** The state of that name, or one that says that there is none. */
  static LiveState of(String thing, List<LiveState> states) {
    Optional<LiveState> found =
        states.stream().filter(state -> state.thing().equals(thing)).findFirst();
    return found.isPresent() ? found.get() : LiveState.none(thing, "nothing");
  }
}
