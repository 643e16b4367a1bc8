package dev.portage.sandbox.failures;

import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something that changes what is live, and that faults strike. */
public interface Operation {

  /** Its name, with which its cells begin. */
  String name();

  /** Where faults strike it, in order. */
  List<Point> points();

  /** The worst cells, which every build plays: faults by the name of their point; no kills. */
  default Map<String, Set<Fault>> worst() {
    return Map.of();
  }

  /** How many of its cells are played at a time. */
  default int atOnce() {
    return 6;
  }

  /** A new crew for it, with its first release live. */
  default Crew crew(String model, World world) throws IOException {
    return Crew.of(model, world);
  }

  /** Makes what has to be there before a cell, such as a release to go back from. */
  void prepare(Crew crew, Cell cell) throws IOException;

  /**
   * Id of the workflow that comes next, which {@link #play} starts.
   *
   * @return the id
   */
  String next(Crew crew) throws IOException;

  /**
   * Starts it, and does what people do until it has ended: approve, and resume what stopped.
   *
   * @param struck goes wrong meanwhile
   * @return how it ended
   */
  Ending play(Crew crew, String id, Injection struck) throws IOException;

  /**
   * Fails unless what is live is fully new or fully old, as this cell has it, with one of
   * everything, and the page says what has to be said.
   *
   * @return what is live, in a few words
   */
  String judge(Cell cell, Crew crew, Ending ending, Standing before);

  /**
   * How it ended.
   *
   * @param id the workflow that brought it to its end: a repetition, if the first was terminated
   * @param terminated the first one, if that was terminated
   * @param state its state
   * @param page what its page says at the end
   * @param people what people did about the fault, in a few words each
   */
  record Ending(
      String id, @Nullable String terminated, String state, String page, List<String> people) {

    public Ending {
      people = List.copyOf(people);
    }
  }
}
