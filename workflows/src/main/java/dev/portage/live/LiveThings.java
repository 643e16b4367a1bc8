package dev.portage.live;

import java.util.List;

/** The live things of a workspace, in the order in which a hop changes them. */
public final class LiveThings {

  private LiveThings() {}

  /** All of them; the last one's change is the point of no return. */
  public static List<LiveThing> all() {
    return List.of();
  }
}
