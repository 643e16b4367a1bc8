package dev.portage.sandbox.failures;

import static dev.portage.sandbox.failures.Fault.BUSY;
import static dev.portage.sandbox.failures.Fault.CANCELLED;
import static dev.portage.sandbox.failures.Fault.ERRORS;
import static dev.portage.sandbox.failures.Fault.HANGS;
import static dev.portage.sandbox.failures.Fault.HOLDER_TERMINATED;
import static dev.portage.sandbox.failures.Fault.LANE_TERMINATED;
import static dev.portage.sandbox.failures.Fault.LATE_DUPLICATE;
import static dev.portage.sandbox.failures.Fault.LOST_ANSWER;
import static dev.portage.sandbox.failures.Fault.TOKEN_EXPIRES;
import static dev.portage.sandbox.failures.Point.Kind.CREATES;
import static dev.portage.sandbox.failures.Point.Kind.NOTHING;
import static dev.portage.sandbox.failures.Point.Kind.READS;
import static dev.portage.sandbox.failures.Point.Kind.SETS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Witness;
import dev.portage.sandbox.failures.Point.Which;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/** A promotion with batch from dev to prod, over a champion. */
final class PromotionUnderFaults implements Operation {
  private static final Duration LONGEST = Duration.ofMinutes(12);
  private static final Set<String> ENDED =
      Set.of("RELEASED", "REJECTED", "FAILED", "CANCELLED", "SUPERSEDED");

  /** What follows a release runs at once, under the name of the step that began last. */
  private static final Set<String> AFTER = Set.of("prod/publish", "prod/release", "close");

  /** Points from which a cancel comes too late. */
  private static final List<String> FROM_CHAMPION =
      List.of("prod/champion", "prod/publish", "prod/release", "close");

  @Override
  public String name() {
    return "promotion";
  }

  @Override
  public List<Point> points() {
    String jobs = "/api/2.2/jobs/";
    String mlflow = "/api/2.0/mlflow/";
    return List.of(
        at("prepare", Which.of("prod", "GET", mlflow + "model-versions/search"), READS),
        at("check", Which.of("dev", "POST", jobs + "runs/submit", " check"), CREATES),
        at("train", Which.of("dev", "POST", jobs + "runs/submit", " train"), CREATES),
        at("register", Which.of("dev", "POST", mlflow + "model-versions/create"), CREATES),
        at("mark", Which.of("dev", "POST", "/transition-stage", "Staging"), SETS),
        at("prod/evaluate", Which.of("prod", "GET", mlflow + "model-versions/search"), READS),
        at("prod/copy", Which.of("prod", "POST", mlflow + "runs/create"), CREATES),
        at("prod/register", Which.of("prod", "POST", mlflow + "model-versions/create"), CREATES),
        under("prod/turn", "", Which.of("prod", "POST", "/registered-models/set-tag"), SETS),
        under("prod/batch", " job", Which.of("prod", "POST", jobs + "reset"), SETS),
        under("prod/batch", " run", Which.of("prod", "POST", jobs + "run-now"), CREATES),
        under("prod/champion", "", Which.of("prod", "POST", "/transition-stage"), SETS),
        new Point(
            "promotion",
            "prod/publish",
            AFTER,
            Which.of("prod", "POST", "/sql/statements", "REPLACE WHERE"),
            SETS,
            true),
        after("prod/release", Which.of("prod", "POST", mlflow + "runs/create"), CREATES),
        // A tiny team's job has no schedule: nothing has paused it.
        after("prod/release resumed job", Which.of("prod", "POST", jobs + "update"), NOTHING),
        after("close", Which.of("dev", "POST", "/transition-stage", "Production"), SETS));
  }

  @Override
  public Map<String, Set<Fault>> worst() {
    return Map.of(
        "train",
        EnumSet.of(LOST_ANSWER),
        "prod/copy",
        EnumSet.of(BUSY, LATE_DUPLICATE),
        "prod/register",
        EnumSet.of(LATE_DUPLICATE, HANGS),
        "prod/turn",
        EnumSet.of(CANCELLED, LANE_TERMINATED),
        "prod/batch job",
        EnumSet.of(CANCELLED),
        "prod/batch run",
        EnumSet.of(LOST_ANSWER, TOKEN_EXPIRES, HOLDER_TERMINATED),
        "prod/champion",
        EnumSet.of(ERRORS, LOST_ANSWER, CANCELLED, LANE_TERMINATED));
  }

  private static Point at(String step, Which call, Point.Kind kind) {
    return new Point("promotion", step, Set.of(step), call, kind, false);
  }

  private static Point under(String step, String what, Which call, Point.Kind kind) {
    return new Point("promotion", step + what, Set.of(step), call, kind, true);
  }

  private static Point after(String step, Which call, Point.Kind kind) {
    return new Point("promotion", step, AFTER, call, kind, false);
  }

  @Override
  public void prepare(Crew crew, Cell cell) {
    // The crew's first release is the champion to begin with.
  }

  @Override
  public String next(Crew crew) throws IOException {
    return crew.commit("Next");
  }

  @Override
  public Ending play(Crew crew, String id, Injection struck) {
    List<String> people = new ArrayList<>();
    crew.team().start();
    String state = toItsEnd(crew, id, struck, people);
    @Nullable String terminated = null;
    String last = id;
    if (state.isEmpty()) {
      terminated = id;
      last = id + "/2";
      people.add("started again as " + last);
      crew.team()
          .commands()
          .json(
              "start",
              "promotion.yaml",
              "--by",
              "sam@example.com",
              "--again",
              "--reason",
              "it was terminated");
      state = toItsEnd(crew, last, struck, people);
    }
    return new Ending(
        last, terminated, state, crew.team().commands().json("status", last).out(), people);
  }

  private static String toItsEnd(Crew crew, String id, Injection struck, List<String> people) {
    return toItsEnd(crew, id, ENDED, state -> act(crew, id, state, struck, people));
  }

  /**
   * Follows a workflow to its end, and returns its last state; "" if it was terminated.
   *
   * @param ends the states in which it ends by itself
   * @param meanwhile what people do about the state that it is in; "" while it has not started
   */
  static String toItsEnd(Crew crew, String id, Set<String> ends, Consumer<String> meanwhile) {
    List<String> last = new ArrayList<>();
    Awaitility.await(id)
        .atMost(LONGEST)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(400))
        .until(() -> {
          // In this order: its state is the last one only if it has ended.
          boolean runs = crew.temporal().runs(id);
          String state = crew.temporal().state(id);
          if (!runs && (!state.isEmpty() || crew.temporal().isTerminated(id))) {
            last.add(ends.contains(state) ? state : "");
            return true;
          }
          meanwhile.accept(state);
          return false;
        });
    return last.getFirst();
  }

  private static void act(
      Crew crew, String id, String state, Injection struck, List<String> people) {
    if (state.equals("WAITING")) {
      crew.team().commands().run("approve", id, "--by", "ana@example.com");
    } else if (state.equals("STOPPED")) {
      String problem = problem(crew, id);
      if (!struck.cell().mayNeedPeople()) {
        throw new AssertionError("stopped: " + problem);
      }
      people.add(
          "stopped, with: "
              + problem
              + (struck.cell().fault() == Fault.TOKEN_EXPIRES
                  ? "; resumed with a new token"
                  : "; resumed"));
      struck.renew();
      crew.team().commands().run("resume", id, "--by", "ana@example.com");
    }
  }

  static String problem(Crew crew, String id) {
    JsonNode page = crew.team().commands().json("status", id).json();
    // A watch's is within its course.
    JsonNode problem = page.has("problem") ? page.path("problem") : page.at("/course/problem");
    return problem.path("tried").asText() + ": " + problem.path("cameBack").asText();
  }

  @Override
  public String judge(Cell cell, Crew crew, Ending ending, Standing before) {
    Standing after = Standing.of(crew);
    if (cell.fault() == Fault.CANCELLED && !FROM_CHAMPION.contains(cell.point().name())) {
      assertThat(ending.state()).as(ending.page()).isEqualTo("CANCELLED");
      isOld(ending, before, after);
      return "fully old: version " + after.champions().getFirst() + " stays live";
    }
    assertThat(ending.state()).as(ending.page()).isEqualTo("RELEASED");
    isNew(cell, crew, ending, before, after);
    said(cell, ending);
    return "fully new: version " + after.champions().getFirst() + " is live";
  }

  private static void said(Cell cell, Ending ending) {
    if (cell.fault() == Fault.CANCELLED) {
      assertThat(ending.page()).contains("but too late");
    }
    if (cell.fault() == Fault.TOKEN_EXPIRES && ending.people().isEmpty()) {
      assertThat(cell.point().steps()).as("stopped for a person").hasSizeGreaterThan(1);
    }
  }

  private static void isNew(Cell cell, Crew crew, Ending ending, Standing before, Standing after) {
    Witness witness = crew.witness();
    ModelVersion dev = only(versionsOf(witness, "dev", crew.model(), ending.id()));
    ModelVersion prod = only(versionsOf(witness, "prod", crew.model(), ending.id()));
    assertThat(after.champions()).as("champion").containsExactly(prod.getVersion());
    assertThat(after.marked()).as("Production in dev").containsExactly(dev.getVersion());
    assertThat(only(witness.runs("dev", ending.id())).getRunId()).isEqualTo(dev.getRunId());
    assertThat(only(witness.runs("prod", ending.id())).getRunId()).isEqualTo(prod.getRunId());
    assertThat(witness.files("prod", prod)).isEqualTo(witness.files("dev", dev)).isNotEmpty();
    assertThat(after.jobs().keySet()).as("job").isEqualTo(before.jobs().keySet()).hasSize(1);
    assertThat(after.jobs().values().iterator().next().toString())
        .contains(crew.model() + " version " + prod.getVersion() + ".");
    assertThat(runsOf(after.jobRuns(), ending.id())).as("runs of the job").hasSize(1);
    assertThat(releasesOf(crew, ending.id())).as("releases in the log").isEqualTo(1);
    // A temporary duplicate that was deleted appears nowhere, but where its end is told.
    ObjectNode page = (ObjectNode) new Result(0, ending.page()).json();
    page.remove("notices");
    String said = page.toString() + after.jobs() + dev + prod;
    assertThat(witness.deletedRuns("prod", ending.id()))
        .noneSatisfy(run -> assertThat(said).contains(run.getRunId()));
    Map<String, Integer> found = new TreeMap<>(after.rows());
    String terminated = ending.terminated();
    if (terminated == null) {
      assertThat(after.dev()).hasSize(before.dev().size() + 1);
      assertThat(after.prod()).hasSize(before.prod().size() + 1);
      assertThat(after.jobRuns()).hasSize(before.jobRuns().size() + 1);
      assertThat(after.trainings()).hasSize(before.trainings().size() + 1);
    } else {
      leftOnlyOneOfEach(crew, terminated, before, after);
      // What it had made visible by then belongs to a champion that was live.
      found
          .keySet()
          .removeIf(key -> cell.point().steps().equals(AFTER) && key.startsWith(terminated + " "));
    }
    Map<String, Integer> rows = new TreeMap<>(before.rows());
    rows.put(ending.id() + " " + prod.getVersion(), 10);
    assertThat(found).as("rows").isEqualTo(rows);
  }

  private static long releasesOf(Crew crew, String id) {
    Result history = crew.team().commands().json("history", crew.model());
    assertThat(history.code()).as(history.out()).isZero();
    return history
        .json()
        .path("events")
        .valueStream()
        .filter(event -> event.path("kind").asText().equals("RELEASE"))
        .filter(event -> event.path("workflow").asText().equals(id))
        .count();
  }

  /** One that was terminated leaves what it had made by then, each once, and nothing that runs. */
  private static void leftOnlyOneOfEach(
      Crew crew, String terminated, Standing before, Standing after) {
    Witness witness = crew.witness();
    for (String workspace : List.of("dev", "prod")) {
      assertThat(versionsOf(witness, workspace, crew.model(), terminated))
          .as("versions of the terminated one in " + workspace)
          .hasSizeBetween(0, 1);
      assertThat(witness.runs(workspace, terminated))
          .as("runs of the terminated one in " + workspace)
          .hasSizeBetween(0, 1);
    }
    assertThat(after.dev().size() - before.dev().size()).as("versions in dev").isBetween(1, 2);
    assertThat(after.prod().size() - before.prod().size()).as("versions in prod").isBetween(1, 2);
    assertThat(after.trainings().size() - before.trainings().size())
        .as("trainings")
        .isBetween(1, 2);
    List<JsonNode> scored = runsOf(after.jobRuns(), terminated);
    assertThat(after.jobRuns())
        .as("runs of the job")
        .hasSize(before.jobRuns().size() + scored.size() + 1);
    assertThat(scored)
        .as("scoring of the terminated one")
        .hasSizeBetween(0, 1)
        .allSatisfy(run ->
            assertThat(run.path("state").path("life_cycle_state").asText())
                .isIn("TERMINATED", "SKIPPED"));
    List<Integer> rows =
        after.rows().entrySet().stream()
            .filter(row -> row.getKey().startsWith(terminated + " "))
            .map(Map.Entry::getValue)
            .toList();
    assertThat(rows)
        .as("rows of the terminated one: all of them or none")
        .isIn(List.of(), List.of(10));
  }

  private static void isOld(Ending ending, Standing before, Standing after) {
    assertThat(after.champions()).as("champion").isEqualTo(before.champions()).hasSize(1);
    assertThat(after.marked()).as("Production in dev").isEqualTo(before.marked());
    assertThat(after.jobs()).as("jobs").isEqualTo(before.jobs());
    assertThat(after.prod().values()).as("stages").containsOnlyOnce("Production");
    assertThat(after.onTheirWay()).as("Staging in dev").isEqualTo(before.onTheirWay());
    assertThat(after.dev().size() - before.dev().size()).isBetween(0, 1);
    assertThat(after.prod().size() - before.prod().size()).isBetween(0, 1);
    assertThat(runsOf(after.jobRuns(), ending.id()))
        .hasSizeBetween(0, 1)
        .allSatisfy(run ->
            assertThat(run.path("state").path("life_cycle_state").asText())
                .isEqualTo("TERMINATED"));
    Map<String, Integer> rows = new TreeMap<>(after.rows());
    if (rows.keySet().removeIf(key -> key.startsWith(ending.id() + " "))) {
      assertThat(ending.page()).as("rows that stay are told").contains(ending.id() + "/prod");
    }
    assertThat(rows).isEqualTo(before.rows());
  }

  private static List<JsonNode> runsOf(List<JsonNode> runs, String id) {
    return runs.stream().filter(run -> run.toString().contains("\"" + id + "\"")).toList();
  }

  private static List<ModelVersion> versionsOf(
      Witness witness, String workspace, String model, String id) {
    return witness.versions(workspace, model).stream()
        .filter(version -> id.equals(Witness.tags(version).get("portage_promotion")))
        .toList();
  }

  private static <T> T only(List<T> all) {
    assertThat(all).hasSize(1);
    return all.getFirst();
  }
}
