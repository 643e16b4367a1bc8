package dev.portage.sandbox.demo;

import dev.portage.command.CommandEnvironment;
import dev.portage.command.PortageCommand;
import dev.portage.connection.TemporalConnection;
import dev.portage.page.TerminalPage;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.sandbox.world.World;
import dev.portage.watch.Events;
import dev.portage.watch.Promotions;
import dev.portage.watch.Snapshot;
import dev.portage.watch.Watcher;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A promotion, and perhaps another one that is taken back, with the commands that people type. */
final class DemoStory {
  private static final String COMMITTER = "kim@example.com";
  private static final String STARTER = "sam@example.com";
  private static final String OWNER = "ana@example.com";
  private static final int DONE = 0;
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

  /**
   * What is played besides.
   *
   * @param kill whether the worker is killed during the copy
   * @param rollback whether a second version is released and taken back
   */
  record Extras(boolean kill, boolean rollback) {}

  DemoStory(World world, Approver approver, Extras extras, PrintStream out) {
    this.world = world;
    this.approver = approver;
    this.extras = extras;
    this.out = out;
    this.repository = world.folder().state().resolve("diabetes");
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
    int code = promote(made, "Diabetes: ridge regression");
    if (code != DONE || !extras.rollback()) {
      return code;
    }
    out.println("\n--- a second version ---\n");
    TrainingChange.apply(repository);
    code = promote(made, "Diabetes: a stronger penalty");
    return code == DONE ? rollBack() : code;
  }

  /** Back to the first version, by the command that someone in a hurry types. */
  private int rollBack() {
    out.println("\n--- and back ---\n");
    out.println("$ portage rollback diabetes --reason \"predictions look wrong\"");
    int code =
        portage(
            "rollback", "diabetes", "--reason", "predictions look wrong", "--by", OWNER, "--yes");
    if (code == DONE) {
      out.println("\n$ portage history diabetes");
      portage("history", "diabetes");
    }
    return code;
  }

  /** Commits, and plays one promotion to its end. */
  private int promote(DemoRepository made, String message)
      throws IOException, InterruptedException {
    String commit = made.commit(COMMITTER, message);
    String id = "promotion/diabetes/" + commit.substring(0, 12);
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
      PromotionView end = watch(promotions, events, id);
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

  private PromotionView watch(Promotions promotions, Events events, String id)
      throws InterruptedException {
    Predicate<Snapshot> enough =
        snapshot ->
            snapshot.view().state().ended() || snapshot.view().state() == PromotionState.STOPPED;
    Snapshot last =
        new Watcher(promotions, Duration.ofMillis(extras.kill() ? 50 : 300))
            .watch(
                id,
                enough,
                snapshot -> {
                  events.since(snapshot).forEach(out::println);
                  if (extras.kill()) {
                    shot.at(snapshot);
                  }
                });
    PromotionView view = last.view();
    out.println(id + "  " + view.state() + ": " + view.says());
    return view;
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
      out.println("✗ killed the worker of prod (process " + pid + ", SIGKILL) during the copy");
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
