package dev.portage.sandbox.failures;

import static dev.portage.sandbox.failures.Point.Kind.CREATES;
import static dev.portage.sandbox.failures.Point.Kind.READS;
import static dev.portage.sandbox.failures.Point.Kind.SETS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFault;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.failures.Point.Which;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A released version is watched, turns bad, and is taken back, beside a load that never stops:
 * faults strike looks at it while it is good, and what follows once it is not.
 */
final class WatchUnderFaults implements ServedOperation {
  private static final Duration LONGEST = Duration.ofMinutes(12);
  private static final Set<String> ENDED = Set.of("DONE", "REJECTED", "FAILED", "CANCELLED");

  private static final String LOOK = "look";

  /** Requests of a look to the version, by its address. */
  static final String REQUESTS = "look requests";

  private static final String HOLD = "hold";
  private static final String WAY_BACK = "rollback look";
  private static final String TRAFFIC = "rollback traffic";

  /** Played by a test of its own, since they strike whatever else happens. */
  static final String WORKER_KILLED = "worker killed in a watch";

  static final String TEMPORAL_RESTARTED = "Temporal restarted in a watch";

  /** What a page says of the one look that a server's errors spoilt, and of the next. */
  private static final String NOT_CONFIRMED = "the next look found no limit broken";

  private static final String BLIND = "found nothing out";

  /**
   * Five requests a look, as many as a server that fails answers in a row: so these errors break
   * the limit in one look, and not in two.
   */
  private static final List<String> SERVE =
      List.of(
          "steps: [100]",
          "soak: 1s",
          "watch: { for: 20m, every: 1s }",
          "limits: { errors: 50% }",
          "cases:",
          "  - { request: { dataframe_records: [{ x: 1.0 }] }, answer: { predictions: [2.0] } }",
          "  - { request: { dataframe_records: [{ x: 2.0 }] }, answer: { predictions: [4.0] } }",
          "  - { request: { dataframe_records: [{ x: 4.0 }] }, answer: { predictions: [8.0] } }",
          "  - { request: { dataframe_records: [{ x: 5.0 }] }, answer: { predictions: [10.0] } }");

  private final TakenBack ends = new TakenBack();

  @Override
  public String name() {
    return "watch";
  }

  @Override
  public List<Point> points() {
    String mlflow = "/api/2.0/mlflow/";
    return List.of(
        at(LOOK, "watch", Which.of("prod", "GET", mlflow + "model-versions/search"), READS, false),
        at(
            REQUESTS,
            "watch",
            Which.of("prod", "POST", "/invocations", "/served-models/"),
            READS,
            false),
        at(HOLD, HOLD, Which.of("prod", "POST", mlflow + "runs/create", " held"), CREATES, false),
        at(WAY_BACK, "rollback", Which.of("prod", "POST", mlflow + "runs/search"), READS, false),
        at(
            TRAFFIC,
            "rollback",
            Which.of("prod", "PUT", "/config", "\"traffic_percentage\":0"),
            SETS,
            true),
        Point.trouble(name(), WORKER_KILLED, "watch", Point.Kind.TROUBLE_OF_ALL),
        Point.trouble(name(), TEMPORAL_RESTARTED, "watch", Point.Kind.TROUBLE_OF_ALL));
  }

  private static Point at(String name, String step, Which call, Point.Kind kind, boolean turn) {
    return new Point("watch", name, Set.of(step), call, kind, turn);
  }

  @Override
  public Map<String, Set<Fault>> worst() {
    return Map.of(REQUESTS, EnumSet.of(Fault.ERRORS), HOLD, EnumSet.of(Fault.CANCELLED));
  }

  @Override
  public List<String> serve() {
    return SERVE;
  }

  /** Lets the model go if the cell before held it, and releases another version. */
  @Override
  public void prepare(Crew crew, Cell cell) throws IOException {
    if (LogEntries.of(crew).isHeld()) {
      Result let =
          crew.team()
              .commands()
              .run("unfreeze", crew.model(), "--reason", "found it", "--by", "ops@example.com");
      assertThat(let.code()).as(let.out()).isZero();
    }
    String target = champion(crew);
    ends.expect(crew, target, crew.release("To be watched"));
  }

  @Override
  public String next(Crew crew) {
    return "watch/prod/" + crew.model() + "/" + champion(crew);
  }

  private static String champion(Crew crew) {
    List<String> champions = Standing.of(crew).champions();
    assertThat(champions).as("champion").hasSize(1);
    return champions.getFirst();
  }

  @Override
  public Ending play(Crew crew, String id, Injection struck) throws IOException {
    Standing before = Standing.of(crew);
    String rollback = TakenBack.nextRollback(crew);
    List<String> people = new ArrayList<>();
    try (Traffic traffic = Served.traffic(crew)) {
      Ending ending = played(crew, id, rollback, struck, people);
      Served.answered(crew, traffic.end(), before);
      return ending;
    }
  }

  private static Ending played(
      Crew crew, String id, String rollback, Injection struck, List<String> people) {
    String state = toItsEnd(crew, id, rollback, struck, people);
    if (!state.isEmpty()) {
      return new Ending(id, null, state, page(crew, id), people);
    }
    if (crew.temporal().state(rollback).isEmpty()) {
      people.add("nothing watches any more, and nothing started it again; a person went back");
      Result back = RollbackUnderFaults.order(crew);
      assertThat(back.code()).as(back.out()).isZero();
    } else {
      people.add("the rollback, which had begun, went on without it");
      Awaitility.await(rollback).atMost(LONGEST).until(() -> !crew.temporal().runs(rollback));
    }
    return new Ending(rollback, id, crew.temporal().state(rollback), page(crew, rollback), people);
  }

  /** Returns its state at the end; "" if it was terminated. */
  private static String toItsEnd(
      Crew crew, String id, String rollback, Injection struck, List<String> people) {
    AtomicBoolean bad = new AtomicBoolean();
    if (!isOfLooks(struck.cell())) {
      bad.set(true);
      turnBad(crew, id);
    }
    return PromotionUnderFaults.toItsEnd(
        crew,
        id,
        ENDED,
        state -> {
          for (String stopped : List.of(id, rollback)) {
            if (crew.temporal().state(stopped).equals("STOPPED")) {
              resume(crew, stopped, struck, people);
            }
          }
          if (!bad.get() && isOver(crew, id, struck, people)) {
            bad.set(true);
            turnBad(crew, id);
          }
        });
  }

  private static boolean isOfLooks(Cell cell) {
    return cell.point().steps().contains("watch");
  }

  /** The version that a watch is about answers wrongly from now on. */
  static void turnBad(Crew crew, String watch) {
    String version = watch.substring(watch.lastIndexOf('/') + 1);
    TheWorld.world()
        .workspace("prod")
        .servingFaults()
        .add(ServingFault.always(crew.model() + "/" + version, new ServingEffect.WrongAnswers()));
  }

  /** Whether what strikes looks is over, so that the watch has to see what is wrong by itself. */
  private static boolean isOver(Crew crew, String id, Injection struck, List<String> people) {
    if (!struck.hasStruck()) {
      return false;
    }
    return switch (struck.cell().fault()) {
      case CANCELLED, HOLDER_TERMINATED -> false;
      case TOKEN_EXPIRES -> {
        if (!says(page(crew, id), BLIND)) {
          yield false;
        }
        people.add("said that a look found nothing out; somebody put a new token in place");
        struck.renew();
        yield true;
      }
      case ERRORS ->
          !struck.cell().point().name().equals(REQUESTS) || says(page(crew, id), NOT_CONFIRMED);
      default -> true;
    };
  }

  private static void resume(Crew crew, String id, Injection struck, List<String> people) {
    String problem = PromotionUnderFaults.problem(crew, id);
    if (struck.cell().fault() != Fault.TOKEN_EXPIRES) {
      throw new AssertionError(id + " stopped: " + problem);
    }
    people.add("stopped, with: " + problem + "; resumed with a new token");
    struck.renew();
    crew.team().commands().run("resume", id, "--by", "ana@example.com");
  }

  private static String page(Crew crew, String id) {
    return crew.team().commands().json("status", id).out();
  }

  private static boolean says(String page, String words) {
    return notices(new Result(0, page).json()).anyMatch(notice -> notice.contains(words));
  }

  /** Notices of a watch, by what {@code status} prints. */
  static Stream<String> notices(JsonNode view) {
    return view.at("/course/told/notices").valueStream().map(JsonNode::asText);
  }

  /**
   * What a watch made of a server's errors in answer to its requests; empty for anything else: it
   * doesn't repeat those, since they are the version's own.
   */
  static List<String> doubted(Cell cell, JsonNode view) {
    if (!cell.point().name().equals(REQUESTS) || cell.fault() != Fault.ERRORS) {
      return List.of();
    }
    assertThat(notices(view).filter(notice -> notice.contains(NOT_CONFIRMED)))
        .as("one look in doubt")
        .hasSize(1);
    return List.of("one look found a limit broken, and the next did not");
  }

  @Override
  public String judge(Cell cell, Crew crew, Ending ending, Standing before) {
    if (cell.fault() == Fault.CANCELLED && isOfLooks(cell)) {
      assertThat(ending.state()).as(ending.page()).isEqualTo("CANCELLED");
      return ends.staysAsReleased(crew, before) + "; it is watched no more";
    }
    if (cell.fault() == Fault.CANCELLED) {
      assertThat(ending.page()).as("a cancel that came too late is said").contains("but too late");
    }
    return isTakenBackOnce(cell, crew, ending, before);
  }

  /** Fails unless the release before is live again, by one rollback, and the model is held once. */
  String isTakenBackOnce(Cell cell, Crew crew, Ending ending, Standing before) {
    // One that was terminated while the version was good has held nothing.
    boolean held = ending.terminated() == null || !isOfLooks(cell);
    return ends.isOnce(cell, crew, ending, before, held);
  }
}
