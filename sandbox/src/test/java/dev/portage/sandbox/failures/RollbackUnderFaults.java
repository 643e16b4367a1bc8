package dev.portage.sandbox.failures;

import static dev.portage.sandbox.failures.Point.Kind.CREATES;
import static dev.portage.sandbox.failures.Point.Kind.READS;
import static dev.portage.sandbox.failures.Point.Kind.SETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Together;
import dev.portage.sandbox.Witness;
import dev.portage.sandbox.failures.Point.Which;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/** A rollback to the release before, in prod. */
final class RollbackUnderFaults implements Operation {
  private static final Duration LONGEST = Duration.ofMinutes(12);
  private static final Set<String> ENDED = Set.of("DONE", "REJECTED", "FAILED", "CANCELLED");

  /** None of it undoes anything, and each is tried again without being resumed. */
  private static final Set<String> AFTER =
      Set.of("record", "quarantine", "label", "predictions", "origin");

  /** Where the traffic of an endpoint is moved. */
  static final String TRAFFIC = "serve traffic";

  /** Before the point of no return. */
  private static final List<String> UNDONE =
      List.of("look", "turn", TRAFFIC, "batch settings", "batch job");

  /** What each team's rollback goes back to, and what it leaves: versions in prod. */
  private final Map<String, Way> ways = new ConcurrentHashMap<>();

  /**
   * From where to where.
   *
   * @param left version that is live before
   * @param target version that was before that
   * @param promotion the one that released what is left
   * @param before what the log has before
   */
  private record Way(String left, String target, String promotion, LogEntries before) {}

  @Override
  public String name() {
    return "rollback";
  }

  @Override
  public List<Point> points() {
    String mlflow = "/api/2.0/mlflow/";
    return List.of(
        at("look", Which.of("prod", "POST", mlflow + "runs/search"), READS, false),
        at("turn", Which.of("prod", "POST", "/registered-models/set-tag"), SETS, true),
        in("batch", " settings", Which.of("prod", "POST", mlflow + "runs/create"), CREATES),
        in("batch", " job", Which.of("prod", "POST", "/api/2.2/jobs/reset"), SETS),
        at("champion", Which.of("prod", "POST", "/transition-stage"), SETS, true),
        after("record", Which.of("prod", "POST", mlflow + "runs/create", "rollback of "), true),
        after(
            "quarantine",
            Which.of("prod", "POST", mlflow + "runs/create", "quarantine/prod/"),
            true),
        after("label", Which.of("prod", "POST", "/model-versions/set-tag", "\"live\""), false),
        after("predictions", Which.of("prod", "POST", "/sql/statements", "DELETE"), false),
        after("origin", Which.of("dev", "POST", "/transition-stage", "Production"), false));
  }

  private static Point at(String step, Which call, Point.Kind kind, boolean turn) {
    return new Point("rollback", step, Set.of(step), call, kind, turn);
  }

  private static Point in(String step, String what, Which call, Point.Kind kind) {
    return new Point("rollback", step + what, Set.of(step), call, kind, true);
  }

  private static Point after(String step, Which call, boolean turn) {
    Point.Kind kind = call.path().endsWith("/runs/create") ? CREATES : SETS;
    return new Point("rollback", step, AFTER, call, kind, turn);
  }

  @Override
  public Map<String, Set<Fault>> worst() {
    return Map.of(
        "batch job",
        EnumSet.of(Fault.CANCELLED, Fault.HOLDER_TERMINATED),
        "champion",
        EnumSet.of(Fault.LOST_ANSWER, Fault.HOLDER_TERMINATED, Fault.LANE_TERMINATED));
  }

  /** Another release, with other bytes: what is left is refused from then on. */
  @Override
  public void prepare(Crew crew, Cell cell) throws IOException {
    Way last = ways.get(crew.model());
    String live = only(Standing.of(crew).champions());
    if (last != null && last.left().equals(live)) {
      // Nothing came of the rollback before, so there is the same way back.
      ways.put(crew.model(), way(crew, last.left(), last.target(), last.promotion()));
      return;
    }
    crew.team().change("notebooks/train.py", "SLOPE = ", "SLOPE = 1");
    leaves(crew, live, crew.release("To be left"));
  }

  /**
   * What is live is what a rollback will leave.
   *
   * @param target version that it goes back to
   * @param promotion the one that released what is left
   */
  void leaves(Crew crew, String target, String promotion) {
    ways.put(crew.model(), way(crew, only(Standing.of(crew).champions()), target, promotion));
  }

  private static Way way(Crew crew, String left, String target, String promotion) {
    return new Way(left, target, promotion, LogEntries.of(crew));
  }

  @Override
  public String next(Crew crew) {
    for (int number = 1; ; number++) {
      String id = "rollback/prod/" + crew.model() + "/" + number;
      if (crew.temporal().state(id).isEmpty()) {
        return id;
      }
    }
  }

  @Override
  public Ending play(Crew crew, String id, Injection struck) {
    List<String> people = new ArrayList<>();
    String state = toItsEnd(crew, id, struck, people);
    @Nullable String terminated = null;
    String last = id;
    boolean failed = state.equals("FAILED");
    if (failed && struck.cell().fault() != Fault.TOKEN_EXPIRES) {
      throw new AssertionError("failed: " + PromotionUnderFaults.problem(crew, id));
    }
    if (state.isEmpty() || failed) {
      terminated = state.isEmpty() ? id : null;
      struck.renew();
      last = next(crew);
      people.add(
          (state.isEmpty() ? "" : "failed, with: " + PromotionUnderFaults.problem(crew, id) + "; ")
              + "ordered again as "
              + last);
      state = toItsEnd(crew, last, struck, people);
    }
    return new Ending(
        last, terminated, state, crew.team().commands().json("status", last).out(), people);
  }

  /** Orders it, and returns its state at the end; "" if it was terminated. */
  private static String toItsEnd(Crew crew, String id, Injection struck, List<String> people) {
    CompletableFuture<Result> ordered =
        Together.begin(() -> order(crew)).orTimeout(LONGEST.toMinutes(), TimeUnit.MINUTES);
    String end =
        PromotionUnderFaults.toItsEnd(
            crew, id, ENDED, state -> act(crew, id, state, ordered, struck, people));
    ordered.join();
    return end;
  }

  private static void act(
      Crew crew,
      String id,
      String state,
      CompletableFuture<Result> ordered,
      Injection struck,
      List<String> people) {
    // Its state is read again: the command may have started it, and ended, since it was read.
    if (state.isEmpty() && ordered.isDone() && crew.temporal().state(id).isEmpty()) {
      throw new AssertionError("nothing was ordered: " + ordered.join().out());
    }
    if (state.equals("STOPPED")) {
      String problem = PromotionUnderFaults.problem(crew, id);
      if (struck.cell().fault() != Fault.TOKEN_EXPIRES) {
        throw new AssertionError("stopped: " + problem);
      }
      people.add("stopped, with: " + problem + "; resumed with a new token");
      struck.renew();
      crew.team().commands().run("resume", id, "--by", "ana@example.com");
    }
  }

  /** Orders it, as a person does. */
  static Result order(Crew crew) {
    return crew.team()
        .commands()
        .json(
            "rollback",
            crew.model(),
            "--reason",
            "it is wrong",
            "--by",
            "ana@example.com",
            "--yes");
  }

  @Override
  public String judge(Cell cell, Crew crew, Ending ending, Standing before) {
    Way way = Objects.requireNonNull(ways.get(crew.model()));
    Standing after = Standing.of(crew);
    if (cell.fault() == Fault.CANCELLED && UNDONE.contains(cell.point().name())) {
      assertThat(ending.state()).as(ending.page()).isEqualTo("CANCELLED");
      assertThat(after.prod()).as("versions").isEqualTo(before.prod());
      assertThat(after.dev()).as("versions in dev").isEqualTo(before.dev());
      assertThat(after.jobs()).as("jobs").isEqualTo(before.jobs());
      assertThat(after.rows()).as("rows").isEqualTo(before.rows());
      assertThat(labelled(crew, "live")).as("says that it is live").containsExactly(way.left());
      LogEntries now = LogEntries.of(crew);
      assertThat(now.since(way.before(), "ROLLBACK")).as("rollbacks in the log").isZero();
      assertThat(now.since(way.before(), "QUARANTINE")).as("refused").isZero();
      return "as before: version " + way.left() + " stays live";
    }
    assertThat(ending.page()).as("nothing is left to do").contains("\"unfinished\" : [ ]");
    if (cell.fault() == Fault.CANCELLED) {
      assertThat(ending.page()).as("a cancel that came too late is said").contains("but too late");
    }
    return isBack(cell, crew, ending, before);
  }

  /** Fails unless everything is as the release before was, and the log says so once. */
  String isBack(Cell cell, Crew crew, Ending ending, Standing before) {
    Way way = Objects.requireNonNull(ways.get(crew.model()));
    Standing after = Standing.of(crew);
    assertThat(ending.state()).as(ending.page()).isEqualTo("DONE");
    assertThat(after.champions()).as("champion").containsExactly(way.target());
    assertThat(labelled(crew, "live")).as("says that it is live").containsExactly(way.target());
    assertThat(labelled(crew, "superseded")).as("superseded").contains(way.left());
    assertThat(after.jobs().keySet()).as("job").isEqualTo(before.jobs().keySet()).hasSize(1);
    assertThat(after.jobs().values().iterator().next().toString())
        .contains(crew.model() + " version " + way.target() + ".");
    assertThat(after.jobRuns()).as("nothing is scored").hasSameSizeAs(before.jobRuns());
    assertThat(after.prod().keySet()).as("nothing is made").isEqualTo(before.prod().keySet());
    Map<String, Integer> rows = new TreeMap<>(before.rows());
    rows.keySet().removeIf(key -> key.equals(way.promotion() + " " + way.left()));
    assertThat(after.rows()).as("rows").isEqualTo(rows);
    assertThat(after.marked()).as("Production in dev").isEqualTo(origin(crew, way.target()));
    // One that was cut off after it was recorded stays in the log, and so does what finishes it.
    boolean recorded = ending.terminated() != null && isRecorded(cell);
    LogEntries now = LogEntries.of(crew);
    assertThat(now.since(way.before(), "ROLLBACK"))
        .as("rollbacks in the log")
        .isEqualTo(recorded ? 2 : 1);
    assertThat(now.since(way.before(), "QUARANTINE")).as("refused").isEqualTo(1);
    return "the release before: version " + way.target() + " is live";
  }

  private static boolean isRecorded(Cell cell) {
    return AFTER.contains(cell.point().name());
  }

  /** The version in dev that became that one in prod. */
  private static List<String> origin(Crew crew, String version) {
    String promotion =
        crew.witness().versions("prod", crew.model()).stream()
            .filter(one -> one.getVersion().equals(version))
            .map(one -> String.valueOf(Witness.tags(one).get("portage_promotion")))
            .findFirst()
            .orElseThrow();
    return crew.witness().versions("dev", crew.model()).stream()
        .filter(one -> promotion.equals(Witness.tags(one).get("portage_promotion")))
        .map(ModelVersion::getVersion)
        .toList();
  }

  private static List<String> labelled(Crew crew, String label) {
    return crew.witness().versions("prod", crew.model()).stream()
        .filter(one -> label.equals(Witness.tags(one).get("portage_release")))
        .map(ModelVersion::getVersion)
        .toList();
  }

  private static String only(List<String> all) {
    assertThat(all).hasSize(1);
    return all.getFirst();
  }
}
