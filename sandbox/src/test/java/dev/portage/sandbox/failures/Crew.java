package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands;
import dev.portage.sandbox.Team;
import dev.portage.sandbox.Witness;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A team that plays cells, one after another, with a model of its own: what one cell leaves live is
 * what the next has to keep or to replace.
 *
 * @param team its model and repository
 * @param temporal the server
 * @param witness says from outside what there is
 */
public record Crew(Team team, Server temporal, Witness witness) implements AutoCloseable {
  private static final int WAITING = 4;

  /** A new one, with its first release live. */
  static Crew of(String model, World world) throws IOException {
    Crew crew = withoutRelease(model, world);
    try {
      crew.release("First");
      return crew;
    } catch (IOException | RuntimeException | AssertionError e) {
      crew.close();
      throw e;
    }
  }

  /** A new one, for whom nothing is there yet: no model, no job, no table. */
  static Crew withoutRelease(String model, World world) throws IOException {
    Team team = Team.tiny(model);
    return new Crew(
        team,
        new Server(TemporalConnection.open(Map.of(), team.repository().folder())),
        new Witness(world));
  }

  /** Name of its model. */
  public String model() {
    return team.model();
  }

  /** Commits a change, and returns the id of its promotion. */
  public String commit(String message) throws IOException {
    Path note = team.repository().folder().resolve("NOTES.txt");
    Files.writeString(note, message + " " + System.nanoTime() + "\n");
    return team.commit(message);
  }

  /** Releases a new version, with nothing going wrong. */
  public String release(String message) throws IOException {
    String id = commit(message);
    Commands.Result waiting = team.start();
    assertThat(waiting.code()).as(waiting.out()).isEqualTo(WAITING);
    Commands.Result end = team.approveAndWatch(id);
    assertThat(end.code()).as(end.out()).isZero();
    return id;
  }

  @Override
  public void close() {
    witness.close();
    temporal.close();
  }
}
