package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFault;
import dev.portage.sandbox.TheWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Traffic is moved, and what is served is the trouble: a version that does not start, answers wrong
 * or slowly, a person who changes the endpoint, a champion that dies. A load never stops meanwhile.
 */
final class CutoverInTrouble implements ServedOperation {
  private static final Duration LONGEST = Duration.ofMinutes(12);
  private static final String STEP = "prod/serve";
  private static final int HALF = 50;
  private static final Duration SLOW = Duration.ofSeconds(9);

  private static final List<String> SERVE =
      List.of("steps: [50]", "soak: 5s", "limits: { latency: 6s, agreement: 90% }");

  /** What goes wrong. */
  private enum Trouble {
    NEVER_READY("never ready", "the update failed"),
    OUT_OF_MEMORY("out of memory at start", "Perhaps out of memory?"),
    WRONG("wrong answers", "predictions matched the champion's"),
    SLOW_ANSWERS("slow answers", "over the limit of 6000ms"),
    BY_HAND("an update by hand in the middle", "somebody changed it meanwhile"),
    GONE("champion's entity gone", "");

    private final String title;
    private final String told;

    /**
     * @param title name of the point
     * @param told what the promotion has to say when it stops; empty where it goes on
     */
    Trouble(String title, String told) {
      this.title = title;
      this.told = told;
    }

    static Trouble of(Cell cell) {
      for (Trouble trouble : values()) {
        if (cell.point().name().equals(trouble.title)) {
          return trouble;
        }
      }
      throw new IllegalArgumentException(cell.name());
    }
  }

  /** Played by a test of its own, since they strike whatever else happens. */
  static final String WORKER_KILLED = "worker killed in a soak";

  static final String TEMPORAL_RESTARTED = "Temporal restarted in a soak";

  @Override
  public String name() {
    return "cutover";
  }

  @Override
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    for (Trouble trouble : Trouble.values()) {
      points.add(Point.trouble(name(), trouble.title, STEP, Point.Kind.TROUBLE));
    }
    for (String alone : List.of(WORKER_KILLED, TEMPORAL_RESTARTED)) {
      points.add(Point.trouble(name(), alone, STEP, Point.Kind.TROUBLE_OF_ALL));
    }
    return List.copyOf(points);
  }

  @Override
  public Map<String, Set<Fault>> worst() {
    return Map.of(
        Trouble.OUT_OF_MEMORY.title, Set.of(Fault.TROUBLE),
        Trouble.BY_HAND.title, Set.of(Fault.TROUBLE));
  }

  @Override
  public List<String> serve() {
    return SERVE;
  }

  @Override
  public void prepare(Crew crew, Cell cell) {
    // The crew's first release is served to begin with.
  }

  @Override
  public String next(Crew crew) throws IOException {
    return crew.commit("Next");
  }

  @Override
  public Ending play(Crew crew, String id, Injection struck) throws IOException {
    Trouble trouble = Trouble.of(struck.cell());
    Standing before = Standing.of(crew);
    String old = only(before.traffic().keySet());
    String version = Served.next(crew);
    begin(trouble, crew, version, struck);
    List<String> people = new ArrayList<>();
    String state;
    try (Traffic traffic = Served.traffic(crew)) {
      crew.team().start();
      state = toItsEnd(crew, id, trouble, version, old, struck, people);
      Traffic.Came came = traffic.end();
      if (trouble == Trouble.GONE) {
        // What had died could not answer; all that was given to the other one was answered.
        assertThat(came.failed()).as("requests that failed").allMatch(one -> one.startsWith(old));
      } else {
        Served.answered(crew, came, before);
      }
    }
    return new Ending(id, null, state, crew.team().commands().json("status", id).out(), people);
  }

  /** What is wrong with a version from the beginning. */
  private static void begin(Trouble trouble, Crew crew, String version, Injection struck) {
    switch (trouble) {
      case NEVER_READY -> fault(crew, version, new ServingEffect.NeverReady(), struck);
      case OUT_OF_MEMORY -> fault(crew, version, new ServingEffect.OutOfMemory(), struck);
      case WRONG -> fault(crew, version, new ServingEffect.WrongAnswers(), struck);
      case SLOW_ANSWERS, BY_HAND, GONE -> {}
    }
  }

  private static void fault(Crew crew, String version, ServingEffect effect, Injection struck) {
    TheWorld.world()
        .workspace("prod")
        .servingFaults()
        .add(ServingFault.always(crew.model() + "/" + version, effect));
    struck.happened();
  }

  /** What happens while half of the traffic goes to the new version. */
  private static void inTheMiddle(
      Trouble trouble, Crew crew, String version, String old, Injection struck) {
    switch (trouble) {
      case SLOW_ANSWERS -> fault(crew, version, new ServingEffect.SlowAnswers(SLOW), struck);
      case GONE ->
          fault(crew, old.substring(old.lastIndexOf('-') + 1), new ServingEffect.Gone(), struck);
      case BY_HAND -> {
        try {
          Map<String, Integer> shares = new TreeMap<>();
          shares.put(old, 60);
          shares.put(Served.name(crew, version), 40);
          Served.splitByHand(crew, shares);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        struck.happened();
      }
      case NEVER_READY, OUT_OF_MEMORY, WRONG -> {}
    }
  }

  private static String toItsEnd(
      Crew crew,
      String id,
      Trouble trouble,
      String version,
      String old,
      Injection struck,
      List<String> people) {
    AtomicReference<@Nullable String> end = new AtomicReference<>();
    AtomicReference<@Nullable String> middle = new AtomicReference<>();
    Awaitility.await(id)
        .atMost(LONGEST)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(400))
        .until(() -> {
          // In this order: its state is the last one only if it has ended.
          boolean runs = crew.temporal().runs(id);
          String state = crew.temporal().state(id);
          if (!runs) {
            end.set(state);
            return true;
          }
          if (state.equals("WAITING")) {
            crew.team().commands().run("approve", id, "--by", "ana@example.com");
          } else if (state.equals("STOPPED")) {
            stopped(crew, id, trouble, people);
          } else if (middle.get() == null && isHalf(crew, version)) {
            middle.set("came");
            inTheMiddle(trouble, crew, version, old, struck);
          }
          return false;
        });
    return Objects.requireNonNull(end.get());
  }

  private static boolean isHalf(Crew crew, String version) {
    return Objects.equals(
        crew.witness().served("prod", crew.model()).get(Served.name(crew, version)), HALF);
  }

  /** A person reads why, and lets it go: by a cancel, or where somebody else is known, on. */
  private static void stopped(Crew crew, String id, Trouble trouble, List<String> people) {
    String problem = PromotionUnderFaults.problem(crew, id);
    if (trouble.told.isEmpty() || !people.isEmpty()) {
      throw new AssertionError("stopped: " + problem);
    }
    assertThat(problem).as("why it stopped").contains(trouble.told);
    boolean on = trouble == Trouble.BY_HAND;
    people.add(
        "stopped, with: "
            + shortened(problem.replace(crew.model(), "churn"))
            + (on ? "; resumed" : "; cancelled"));
    crew.team().commands().run(on ? "resume" : "cancel", id, "--by", "ana@example.com");
  }

  /** Whether a notice tells of a champion that died. */
  static boolean isTold(String notice) {
    return notice.contains("agreement with the champion is not known")
        || notice.contains("going back to it would need a start");
  }

  private static String shortened(String problem) {
    String line = problem.lines().reduce((one, other) -> one + " " + other).orElse("");
    return line.length() <= 400 ? line : line.substring(0, 400) + "…";
  }

  @Override
  public String judge(Cell cell, Crew crew, Ending ending, Standing before) {
    Trouble trouble = Trouble.of(cell);
    Standing after = Standing.of(crew);
    if (trouble == Trouble.GONE || trouble == Trouble.BY_HAND) {
      assertThat(ending.state()).as(ending.page()).isEqualTo("RELEASED");
      String version = only(after.champions());
      assertThat(before.champions()).doesNotContain(version);
      Served.isNew(crew, version, after);
      return "fully new: version " + version + " is live and served";
    }
    assertThat(ending.state()).as(ending.page()).isEqualTo("CANCELLED");
    assertThat(after.champions()).as("champion").isEqualTo(before.champions());
    assertThat(after.jobs()).as("jobs").isEqualTo(before.jobs());
    assertThat(after.rows()).as("rows").isEqualTo(before.rows());
    Served.isOld(before, after);
    return "fully old: version " + only(after.champions()) + " stays live, and answered throughout";
  }

  private static <T> T only(Collection<T> all) {
    assertThat(all).hasSize(1);
    return all.iterator().next();
  }
}
