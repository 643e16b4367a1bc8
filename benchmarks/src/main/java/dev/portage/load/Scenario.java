package dev.portage.load;

import java.io.IOException;
import java.time.Duration;

/** Something to measure. */
interface Scenario {
  /** How long anything may take before the scenario gives up. */
  Duration TIMEOUT = Duration.ofMinutes(15);

  /** Its name on the command line. */
  String name();

  /** What it is about, in a line. */
  String title(Size size);

  /**
   * Measures it, and checks the results afterwards.
   *
   * @param bare workflows to hold it against
   * @throws LoadException when something is not exact, or does not come to an end
   */
  Outcome run(LoadWorld world, Size size, Bare bare) throws IOException;

  /** An outcome that begins. */
  default Outcome.Builder outcome(Size size) {
    return new Outcome.Builder(name(), title(size));
  }
}
