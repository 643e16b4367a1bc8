package dev.portage.promotion;

import dev.portage.live.LiveThings;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import java.util.ArrayList;
import java.util.List;

/** The names of the steps, in order. A hop's steps carry its target's name. */
public final class StepNames {
  static final String PREPARE = "prepare";
  static final String CHECK = "check";
  static final String TRAIN = "train";
  static final String REGISTER = "register";
  static final String MARK = "mark";
  static final String REHEARSE = "rehearse";
  static final String CLOSE = "close";

  /** Of a hop: the point of no return. */
  static final String CHAMPION = "champion";

  /** Of a hop: predictions become visible. */
  static final String PUBLISH = "publish";

  private static final String TURN = "turn";

  private StepNames() {}

  /** Whether it is the step that waits for the turn in a workspace. */
  public static boolean isTurn(String step) {
    return step.endsWith("/" + TURN);
  }

  static List<String> of(Settings settings) {
    List<String> names = new ArrayList<>(List.of(PREPARE, CHECK, TRAIN, REGISTER, MARK));
    boolean rehearses = settings.rehearsal() != null;
    if (rehearses) {
      names.add(REHEARSE);
    }
    for (Station target : settings.targets()) {
      for (String step : List.of("evaluate", "approve", "copy", "register", TURN)) {
        names.add(hop(target, step));
      }
      LiveThings.known().all().stream()
          .filter(thing -> thing.isListedWithout() || thing.find(settings, target).isPresent())
          .forEach(thing -> names.add(hop(target, thing.name())));
      if (rehearses) {
        names.add(hop(target, PUBLISH));
      }
      names.add(hop(target, "release"));
    }
    names.add(CLOSE);
    return List.copyOf(names);
  }

  static String hop(Station target, String step) {
    return target.workspace() + "/" + step;
  }
}
