package dev.portage.sandbox.demo;

import dev.portage.command.CommandEnvironment;
import dev.portage.command.PortageCommand;
import dev.portage.connection.TemporalConnection;
import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFault;
import dev.portage.page.TerminalPage;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.sandbox.world.World;
import dev.portage.watch.Events;
import dev.portage.watch.Promotions;
import dev.portage.watch.Snapshot;
import dev.portage.watch.Watcher;
import io.temporal.client.WorkflowFailedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A model that is served already, its promotion under load, and perhaps another one that is taken
 * back, with the commands that people type.
 */
final class DemoStory {
  private static final String COMMITTER = "kim@example.com";
  private static final String STARTER = "sam@example.com";
  private static final String OWNER = "ana@example.com";
  private static final String MODEL = "diabetes";
  private static final int DONE = 0;
  private static final int FAILED = 1;

  private static final int REJECTED = 3;
  private static final int WAITING = 4;

  /** Settings of a shell or pipeline that would send the commands elsewhere. */
  private static final List<String> FOREIGN =
      List.of("TEMPORAL_", "PORTAGE_", "BUILD_", "SYSTEM_", "TF_BUILD", "AGENT_", "GIT_");

  private final World world;
  private final Approver approver;
  private final Extras extras;
  private final PrintStream out;
  private final CommandEnvironment context;
  private final Path repository;
  private final Shot shot = new Shot();
  private final DemoScreen screen;

  /**
   * What is played besides.
   *
   * @param kill whether the worker is killed during the copy
   * @param rollback whether a second version is released, fails in serving and is taken back
   */
  record Extras(boolean kill, boolean rollback) {}

  DemoStory(World world, Approver approver, Extras extras, PrintStream out) {
    this.world = world;
    this.approver = approver;
    this.extras = extras;
    this.out = out;
    this.repository = world.folder().state().resolve(MODEL);
    this.screen = DemoScreen.of(out, System.getenv());
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> FOREIGN.stream().anyMatch(name::startsWith));
    this.context =
        new CommandEnvironment(
            environment,
            repository,
            out,
            System.err,
            CommandEnvironment.ofProcess().clock(),
            CommandEnvironment.Timeouts.usual(),
            false);
  }

  /** Plays it to the end, and returns the exit code. */
  int run() throws IOException, InterruptedException {
    DemoRepository made =
        DemoRepository.of(world.folder().root().resolve("examples/diabetes"), repository);
    ServeSection.add(repository);
    try (ServedBefore before = new ServedBefore(world, MODEL)) {
      before.make();
    }
    out.println("Before Portage, somebody put version 1 into prod by hand: it predicts the mean.");
    out.println("Endpoint " + MODEL + " serves it, and is asked ten times a second from now on.\n");
    Readers readers = new Readers(world, MODEL);
    int code;
    try (readers) {
      code = tell(made, readers);
    }
    return requests(readers.count()) ? code : FAILED;
  }

  private int tell(DemoRepository made, Readers readers) throws IOException, InterruptedException {
    out.println("$ portage adopt " + MODEL + " --workspace prod --endpoint " + MODEL);
    int code =
        portage("adopt", MODEL, "--workspace", "prod", "--endpoint", MODEL, "--by", OWNER, "--yes");
    out.println();
    if (code == DONE) {
      code = promote(made, "Diabetes: ridge regression", readers);
    }
    if (code != DONE || !extras.rollback()) {
      return code;
    }
    out.println("\n--- one more version ---\n");
    TrainingChange.apply(repository);
    code = promote(made, "Diabetes: a stronger penalty", readers);
    return code == DONE ? takenBack(readers) : code;
  }

  /** The version that passed all gates answers wrongly, and nobody has to notice. */
  private int takenBack(Readers readers) throws IOException, InterruptedException {
    out.println("\n--- and its server answers wrongly, where its watch sees it ---\n");
    world
        .workspace("prod")
        .servingFaults()
        .add(ServingFault.always(MODEL + "/3", new ServingEffect.WrongAnswers()));
    String watch = "watch/prod/" + MODEL + "/3";
    try (TemporalConnection connection =
        TemporalConnection.open(context.environment(), context.folder())) {
      try (TrafficView _ = new TrafficView(screen, readers)) {
        connection.client().newUntypedWorkflowStub(watch).getResult(Object.class);
      } catch (WorkflowFailedException rejected) {
        // As it should be: what it says is shown.
      }
    }
    out.println("$ portage report " + watch);
    portage("report", watch);
    out.println("\n$ portage history " + MODEL);
    portage("history", MODEL);
    out.println("\nNothing goes live of " + MODEL + " until somebody has looked:");
    String reason = "the cause is found";
    out.println("$ portage unfreeze " + MODEL + " --reason \"" + reason + "\"");
    return portage("unfreeze", MODEL, "--reason", reason, "--by", OWNER);
  }

  /** What readers noticed; whether that is nothing. */
  private boolean requests(Readers.Count count) {
    out.println(
        "\nRequests to endpoint "
            + MODEL
            + " meanwhile: "
            + count.sent()
            + ", failed: "
            + count.failed());
    count.answered().forEach((by, answers) -> out.println("  answered by " + by + ": " + answers));
    if (count.fault() != null) {
      out.println("  the first that failed: " + count.fault());
    }
    return count.failed() == 0;
  }

  /** Commits, and plays one promotion to its end. */
  private int promote(DemoRepository made, String message, Readers readers)
      throws IOException, InterruptedException {
    String commit = made.commit(COMMITTER, message);
    String id = "promotion/" + MODEL + "/" + commit.substring(0, 12);
    out.println(COMMITTER + " committed " + commit.substring(0, 12) + "; " + STARTER);
    out.println("$ portage start promotion.yaml");
    int code = portage("start", "promotion.yaml", "--by", STARTER);
    if (code != WAITING) {
      return code;
    }
    try (TemporalConnection connection =
        TemporalConnection.open(context.environment(), context.folder())) {
      Promotions promotions = new Promotions(connection);
      Events events = new Events(new TerminalPage(context.clock())::line);
      // What the start has already reported is not repeated.
      promotions.look(id).ifPresent(events::since);
      decide(id);
      PromotionView end = watch(promotions, events, id, readers);
      out.println("\n$ portage report " + id);
      portage("report", id);
      count();
      where(connection, id);
      return switch (end.state()) {
        case RELEASED -> DONE;
        case REJECTED -> REJECTED;
        default -> 1;
      };
    }
  }

  private void decide(String id) throws IOException {
    switch (approver.ask(out, OWNER)) {
      case YES -> {
        out.println("$ portage approve " + id + " --by " + OWNER);
        portage("approve", id, "--by", OWNER);
      }
      case NO -> portage("reject", id, "--by", OWNER, "--comment", "not convinced by the demo");
      case LATER -> {
        out.println(
            "\nThere is no terminal to ask in. From another one, in " + world.folder().root());
        out.println("  ./portage approve " + id + " --by " + OWNER);
        out.println("Waiting for the approval. (--yes approves without asking.)");
      }
    }
  }

  private PromotionView watch(Promotions promotions, Events events, String id, Readers readers)
      throws InterruptedException {
    Predicate<Snapshot> enough =
        snapshot ->
            snapshot.view().state().ended() || snapshot.view().state() == PromotionState.STOPPED;
    try (Shown shown = new Shown(readers)) {
      PromotionView view =
          new Watcher(promotions, Duration.ofMillis(extras.kill() ? 50 : 300))
              .watch(
                  id,
                  enough,
                  snapshot -> {
                    shown.whileItMoves(snapshot.view());
                    events.since(snapshot).forEach(screen::say);
                    if (extras.kill()) {
                      shot.at(snapshot);
                    }
                  })
              .view();
      screen.say(id + "  " + view.state() + ": " + view.says());
      return view;
    }
  }

  /** The picture of the traffic, there only while a promotion moves it. */
  private final class Shown implements AutoCloseable {
    private final Readers readers;
    private @Nullable TrafficView view;

    Shown(Readers readers) {
      this.readers = readers;
    }

    void whileItMoves(PromotionView now) {
      boolean moves = now.movesTraffic().isPresent();
      TrafficView shown = view;
      if (moves && shown == null) {
        view = new TrafficView(screen, readers);
      } else if (!moves && shown != null) {
        close();
      }
    }

    @Override
    public void close() {
      TrafficView shown = view;
      view = null;
      if (shown != null) {
        shown.close();
      }
    }
  }

  /** Kills the worker once, while it copies. */
  private final class Shot {
    private boolean fired;

    void at(Snapshot snapshot) {
      if (fired
          || snapshot.pending().stream().noneMatch(pending -> pending.name().equals("Copy"))) {
        return;
      }
      fired = true;
      long pid = world.worker("prod").pid();
      world.worker("prod").kill();
      screen.say("✗ killed the worker of prod (process " + pid + ", SIGKILL) during the copy");
    }
  }

  private void count() throws IOException, InterruptedException {
    out.println("\nCounted independently, directly on both MLflow servers and workspaces:");
    try (Inventory inventory = new Inventory(world)) {
      inventory.lines().forEach(line -> out.println("  " + line));
    }
    if (extras.kill()) {
      out.println("  (worker of prod: " + world.worker("prod").starts() + " starts)");
    }
  }

  private void where(TemporalConnection connection, String id) {
    Path state = world.folder().state();
    out.println("\nWhere everything is:");
    connection.page(id).ifPresent(page -> out.println("  history      " + page));
    out.println("  models       " + world.mlflow("dev") + "  " + world.mlflow("prod"));
    out.println("  predictions  " + state.resolve("prod/tables"));
    out.println("  repository   " + repository);
    out.println("  logs         " + state.resolve("logs"));
    out.println("The pages are served while it runs (--keep). To serve them again later:");
    out.println("  ./portage sandbox --folder " + state);
  }

  private int portage(String... arguments) {
    return PortageCommand.run(context, arguments);
  }
}
