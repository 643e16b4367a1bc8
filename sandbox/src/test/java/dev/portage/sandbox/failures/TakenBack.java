package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.Commands.Result;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** What has to be there once a watch has ended: all of the release before, or all of its own. */
final class TakenBack {
  private final RollbackUnderFaults rollbacks = new RollbackUnderFaults();

  /** What each team's log had when the watch began. */
  private final Map<String, LogEntries> logged = new ConcurrentHashMap<>();

  /**
   * How often the log has been told since of what watches lead to.
   *
   * @param holds that it was held
   * @param unwatched that a person ended a watch
   * @param rollbacks that it was rolled back
   */
  private record Logged(long holds, long unwatched, long rollbacks) {

    static Logged since(LogEntries before, Crew crew) {
      LogEntries now = LogEntries.of(crew);
      return new Logged(
          now.since(before, "FREEZE"), now.since(before, "UNWATCH"), now.since(before, "ROLLBACK"));
    }
  }

  /** Id of the rollback that comes next. */
  static String nextRollback(Crew crew) {
    return new RollbackUnderFaults().next(crew);
  }

  /**
   * A watched version is live.
   *
   * @param target version that it would go back to
   * @param promotion the one that released it
   */
  void expect(Crew crew, String target, String promotion) {
    rollbacks.leaves(crew, target, promotion);
    logged.put(crew.model(), LogEntries.of(crew));
  }

  /**
   * Fails unless all is as released, and the log says that a person ended the watch.
   *
   * @return what is live, in a few words
   */
  String staysAsReleased(Crew crew, Standing before) {
    Standing after = Standing.of(crew);
    assertThat(after.prod()).as("versions").isEqualTo(before.prod());
    assertThat(after.dev()).as("versions in dev").isEqualTo(before.dev());
    assertThat(after.jobs()).as("jobs").isEqualTo(before.jobs());
    assertThat(after.rows()).as("rows").isEqualTo(before.rows());
    assertThat(after.served()).as("served versions").isEqualTo(before.served());
    assertThat(Logged.since(began(crew), crew)).as("the log").isEqualTo(new Logged(0, 1, 0));
    return "as before: version " + after.champions().getFirst() + " stays live and served";
  }

  /**
   * Fails unless the release before is live again, by one rollback.
   *
   * @param ending of the watch, or of the rollback if the watch was terminated
   * @param held whether the model has to be held, once
   * @return what is live, in a few words
   */
  String isOnce(Cell cell, Crew crew, Operation.Ending ending, Standing before, boolean held) {
    boolean terminated = ending.terminated() != null;
    String rollback =
        terminated ? ending.id() : new Result(0, ending.page()).json().path("rollback").asText();
    assertThat(crew.temporal().state(after(rollback))).as("another rollback").isEmpty();
    Result page = crew.team().commands().json("status", rollback);
    if (!terminated) {
      assertThat(ending.state()).as(ending.page()).isEqualTo("REJECTED");
      JsonNode by = page.json().path("startedBy");
      assertThat(by.asText()).as(page.out()).isEqualTo(ending.id());
    }
    String outcome =
        rollbacks.isBack(
            cell,
            crew,
            new Operation.Ending(
                rollback,
                ending.terminated(),
                crew.temporal().state(rollback),
                page.out(),
                List.of()),
            before);
    assertThat(Logged.since(began(crew), crew))
        .as("the log")
        .isEqualTo(new Logged(held ? 1 : 0, 0, 1));
    Standing now = Standing.of(crew);
    Served.isNew(crew, now.champions().getFirst(), now);
    return outcome + " and served; every request was answered";
  }

  private LogEntries began(Crew crew) {
    return Objects.requireNonNull(logged.get(crew.model()));
  }

  /** Id of the rollback after one. */
  private static String after(String rollback) {
    int slash = rollback.lastIndexOf('/') + 1;
    return rollback.substring(0, slash) + (Integer.parseInt(rollback.substring(slash)) + 1);
  }
}
