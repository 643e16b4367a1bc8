package dev.portage.rollback;

import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.live.LiveThings;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Workflow code: reads live things as they are. */
final class LiveNow {

  private LiveNow() {}

  /** Whether a thing is the last one, the champion: its change is the point of no return. */
  static boolean isLast(LiveThing thing) {
    return thing.name().equals(LiveThings.known().last().name());
  }

  /**
   * Reads one thing.
   *
   * @param recorded how records describe things, by which this one is found
   */
  static LiveState observe(RollbackContext context, LiveThing thing, List<LiveState> recorded) {
    return LiveThings.observe(context, thing, StateMatch.of(thing.name(), recorded).values());
  }

  /**
   * Reads the things that a record describes, and the last one, in the order in which a hop changes
   * them. A thing that is as its record says gets the record's settings, by which it can be put
   * back. How it is put back is as its record says in any case.
   */
  static List<LiveState> all(RollbackContext context, List<LiveState> recorded) {
    Map<LiveThing, Promise<LiveState>> asked = new LinkedHashMap<>();
    for (LiveThing thing : LiveThings.known().all()) {
      if (isLast(thing)
          || recorded.stream().anyMatch(state -> state.thing().equals(thing.name()))) {
        asked.put(thing, Async.function(() -> observe(context, thing, recorded)));
      }
    }
    Promise.allOf(asked.values()).get();
    List<LiveState> now = new ArrayList<>();
    asked.forEach((thing, answer) -> {
      LiveState known = StateMatch.of(thing.name(), recorded);
      LiveState found = thing.knownBy(known, answer.get());
      now.add(
          known.settings() != null && StateMatch.same(found, known)
              ? found.with(known.settings())
              : found);
    });
    return now;
  }
}
