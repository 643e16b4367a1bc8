package dev.portage.adopt;

import dev.portage.live.LiveState;
import dev.portage.text.Bounded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A live thing that is recorded beside the champion.
 *
 * @param id what it is found by: the id of a job, the name of an endpoint
 * @param shown for people, such as "job 11 (nightly)"
 * @param tagged whether its tags say that it is the model's
 * @param keeper who else deploys it, such as "deployed by a bundle", so that it is not tagged: the
 *     next deployment would take the tag away; null for nobody
 * @param state as it is recorded; without its settings where it was only looked at
 * @param remarks what else people should know, a line each
 */
public record AdoptedThing(
    String id,
    String shown,
    Boolean tagged,
    @Nullable String keeper,
    LiveState state,
    List<String> remarks) {

  public AdoptedThing {
    shown = Bounded.line(shown, Bounded.NAME);
    remarks = remarks.stream().map(line -> Bounded.line(line, Bounded.LINE)).toList();
  }

  /** Name of the live thing. */
  String thing() {
    return state.thing();
  }

  /** Whether adopting it tags it. */
  boolean isToBeTagged() {
    return !tagged && keeper == null;
  }
}
