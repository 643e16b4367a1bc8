package dev.portage.command;

import dev.portage.adopt.AdoptPage;
import dev.portage.adopt.AdoptPlan;
import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptView;
import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.live.LiveStates;
import dev.portage.page.TerminalPage;
import dev.portage.step.CourseView;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.watch.Adoptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "adopt",
    description = {
      "Record what is already live in a workspace as its first release.",
      "Then a rollback has somewhere to go back to. What readers get does not change."
    })
final class AdoptCommand extends BaseCommand {

  @Parameters(
      paramLabel = "MODEL",
      description = "The model, such as churn, or its full name in the workspace.")
  private String model = "";

  @Option(
      names = "--workspace",
      paramLabel = "WORKSPACE",
      required = true,
      description = "Where it is live.")
  private String workspace = "";

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      description = "The version that is live, if none is marked as the champion.")
  private @Nullable String version;

  @Option(
      names = "--job",
      paramLabel = "NAME|ID",
      description = "The job that scores with it; promotions will manage it.")
  private @Nullable String job;

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      description = "The endpoint that serves it; promotions will move its traffic.")
  private @Nullable String endpoint;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "The model's name in promotion.yaml, if it is registered as another.")
  private @Nullable String as;

  @Option(names = "--dry-run", description = "Show what would be recorded; change nothing.")
  private boolean dryRun;

  @Mixin private final LiveOrderOptions order = new LiveOrderOptions();

  private @Nullable String id;

  AdoptCommand(CommandEnvironment context) {
    super(context);
  }

  @Override
  int run(Screen screen) throws InterruptedException {
    screen.ifLeft(NOTHING_STARTED);
    try (TemporalConnection connection = connect(screen)) {
      AdoptStart look =
          new AdoptStart(model, workspace, version, things(), true, person(order.by()), as);
      AdoptScreen shown = new AdoptScreen(screen, context(), connection);
      id = new Adoptions(connection).start(look);
      AdoptView looked = shown.await(id, AdoptCommand::isOver);
      AdoptPlan plan = looked.plan();
      if (plan == null || plan.actions().isEmpty() || looked.state() != CourseView.State.DONE) {
        return end(screen, looked);
      }
      show(screen, plan);
      if (dryRun) {
        return end(screen, looked);
      }
      if (!order.agreed(screen, context(), "Record this?")) {
        screen.say("nothing was recorded");
        return ExitCode.REJECTED;
      }
      return adopt(screen, connection, shown, look.of(plan));
    }
  }

  /** What is named beside the champion, by the names of live things. */
  private Map<String, String> things() {
    Map<String, String> things = new TreeMap<>();
    if (job != null) {
      things.put(LiveStates.job(), job);
    }
    if (endpoint != null) {
      things.put(LiveStates.endpoint(), endpoint);
    }
    return things;
  }

  private int adopt(
      Screen screen, TemporalConnection connection, AdoptScreen shown, AdoptStart start)
      throws InterruptedException {
    screen.ifLeftStarting(start.workflowId());
    String adoption = new Adoptions(connection).start(start);
    id = adoption;
    screen.say(adoption);
    connection.promotionPage(adoption).ifPresent(page -> screen.say("  see " + page));
    AdoptView view = shown.follow(adoption, AdoptCommand::isOver);
    if (!isOf(view.start(), start)) {
      screen.say(
          "! another adoption was under way, by "
              + view.start().startedBy()
              + "; that is what this one shows");
    }
    screen.document(view);
    shown.report(view);
    return exit(view.state(), view.problem());
  }

  /** It ended, or waits for a person. */
  private static boolean isOver(AdoptView view) {
    return view.state().ended() || view.state() == CourseView.State.STOPPED;
  }

  /** Whether it adopts the same, whoever started it. */
  private static boolean isOf(AdoptStart one, AdoptStart other) {
    return Objects.equals(one.version(), other.version())
        && Objects.equals(one.as(), other.as())
        && one.beside().equals(other.beside());
  }

  private void show(Screen screen, AdoptPlan plan) {
    screen.say(
        new TerminalPage(context().clock())
            .lines(
                new Page(
                    Line.text(plan.model())
                        .andWords(" version ")
                        .andText(plan.version())
                        .andWords(" in ")
                        .andText(workspace),
                    AdoptPage.plan(plan),
                    List.of())));
  }

  /** Of a look: what it found, or why it could not look. */
  private static int end(Screen screen, AdoptView view) {
    Problem problem = view.problem();
    int exit = exit(view.state(), problem);
    view.notices().forEach(notice -> screen.say("! " + notice));
    if (problem == null) {
      screen.say(view.says());
      screen.document(view);
    } else {
      screen.error(problem.message());
      screen.document(
          new CopyCommand.Failed(
              view.id(), problem, ErrorDocument.Details.of(problem, exit), exit));
    }
    return exit;
  }

  private static int exit(CourseView.State state, @Nullable Problem problem) {
    return switch (state) {
      case DONE -> ExitCode.DONE;
      case RUNNING, WAITING, STOPPED -> ExitCode.WAITING;
      case REJECTED -> ExitCode.REJECTED;
      case CANCELLED -> ExitCode.FAILED;
      case FAILED ->
          problem != null && problem.kind() == FailureKind.USER ? ExitCode.WRONG : ExitCode.FAILED;
    };
  }

  @Override
  @Nullable String promotion() {
    return id;
  }
}
