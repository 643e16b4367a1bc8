package dev.portage.command;

import dev.portage.failure.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells each stop of a watched workflow once: why it stopped, and how it goes on. A stop may last
 * for days, and so would a watch that doesn't say what it waits for.
 */
final class Stops {

  private final Screen screen;
  private @Nullable String told;
  private boolean stays;

  Stops(Screen screen) {
    this.screen = screen;
  }

  /** From now on the watch stays until the workflow goes on. */
  void stay() {
    stays = true;
  }

  /** It runs, waits or has ended: the same may go wrong once more. */
  void none() {
    told = null;
  }

  /**
   * It stands still.
   *
   * @param says what it says of itself
   * @param next the command that carries it on, null for none
   * @param problem why it stopped; null while no worker says so
   */
  void tell(String says, @Nullable String next, @Nullable Problem problem) {
    String why = problem == null ? "" : problem.message();
    if (told != null && (why.isEmpty() || why.equals(told))) {
      return;
    }
    told = why;
    if (!why.isEmpty()) {
      screen.quote(why);
    }
    screen.say(
        stays ? List.of(StopLine.watching(says, next, problem)) : StopLine.leaving(next, problem));
  }
}
