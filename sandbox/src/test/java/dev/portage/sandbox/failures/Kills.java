package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.Gate.Moment;
import dev.portage.sandbox.Reaper.Kill;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The matrix's columns of killed workers: which kill of one operation was which cell. */
final class Kills {

  private Kills() {}

  /**
   * Records each cell of an operation that ended well. One that no kill struck counts as failed,
   * and the test fails once all are recorded.
   *
   * @param people what people did about the kills
   * @param outcome what is live at the end
   * @param millis how long all of it took
   */
  static void record(
      List<Cell> cells, List<Kill> kills, List<String> people, String outcome, long millis) {
    List<String> missed = new ArrayList<>();
    for (Cell cell : cells) {
      Optional<Kill> kill = in(cell, kills);
      if (kill.isPresent()) {
        String reaction = kill.get() + "; the worker that was started next went on";
        Records.add(Happened.passed(cell, Reaction.and(reaction, people), outcome, millis));
      } else {
        missed.add(cell.name());
        Records.add(Happened.failed(cell, millis, "no worker was killed there"));
      }
    }
    assertThat(missed).as("cells that none of these is: " + kills).isEmpty();
  }

  private static Optional<Kill> in(Cell cell, List<Kill> kills) {
    return kills.stream()
        .filter(kill -> (kill.moment() == Moment.AFTER) == (cell.fault() == Fault.KILLED_AFTER))
        .filter(kill -> cell.point().steps().contains(kill.step()))
        .filter(kill -> isAt(cell.point(), kill))
        .findFirst();
  }

  /** Two versions are labelled by like calls: one may be killed before its effect, one after. */
  private static boolean isAt(Point point, Kill kill) {
    return point.kind() == Point.Kind.READS
        || point.isAt(kill.call())
        || (point.name().equals("label")
            && kill.step().equals("label")
            && kill.call().path().endsWith(point.call().path()));
  }
}
