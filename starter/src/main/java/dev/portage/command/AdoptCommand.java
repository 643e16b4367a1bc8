package dev.portage.command;

import dev.portage.adopt.AdoptPage;
import dev.portage.adopt.AdoptPlan;
import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptView;
import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.page.TerminalPage;
import dev.portage.step.CourseView;
import dev.portage.step.StepView;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.watch.Adoptions;
import dev.portage.watch.CourseWatch;
import dev.portage.watch.CourseWatch.End;
import dev.portage.watch.Events;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "adopt",
    description = {
      "Record what is live in a workspace already as its first release.",
      "Then a rollback has somewhere to go back to. What readers get does not change."
    })
final class AdoptCommand extends BaseCommand {

  @Parameters(
      paramLabel = "MODEL",
      description = "The model, such as churn, or its full name in the workspace.")
  private String model = "";

  @Option(
      names = "--workspace",
      paramLabel = "NAME",
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

  @Option(names = "--dry-run", description = "Show what would be recorded; change nothing.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Don't ask before recording it.")
  private boolean yes;

  @Option(names = "--by", paramLabel = "NAME", description = "Who is adopting.")
  private @Nullable String by;

  private final Set<StepView> said = new HashSet<>();
  private @Nullable String id;

  AdoptCommand(CommandEnvironment context) {
    super(context);
  }

  /** An adoption that ended without a word, as a JSON document. */
  record Ended(String id, Problem problem, ErrorDocument.Details error, int exit) {}

  @Override
  int run(Screen screen) throws InterruptedException {
    try (TemporalConnection connection = connect(screen)) {
      AdoptStart look = new AdoptStart(model, workspace, version, job, true, person(by));
      End<AdoptView> looked = follow(screen, connection, look);
      AdoptPlan plan = looked instanceof End.Told<AdoptView>(AdoptView view) ? view.plan() : null;
      if (plan == null || plan.actions().isEmpty()) {
        return end(screen, looked);
      }
      show(screen, plan);
      if (dryRun) {
        return end(screen, looked);
      }
      if (!new Confirmation(screen, context()).given("Record this?", yes)) {
        screen.say("nothing was recorded");
        return ExitCode.WRONG;
      }
      AdoptStart wanted = look.of(plan);
      End<AdoptView> adopted = follow(screen, connection, wanted);
      if (adopted instanceof End.Told<AdoptView>(AdoptView view) && !isOf(view.start(), wanted)) {
        screen.say(
            "! another adoption was under way, by " + view.start().startedBy() + "; it did this:");
      }
      return end(screen, adopted);
    }
  }

  /** Whether it adopts the same, whoever started it. */
  private static boolean isOf(AdoptStart one, AdoptStart other) {
    return Objects.equals(one.version(), other.version()) && Objects.equals(one.job(), other.job());
  }

  private End<AdoptView> follow(Screen screen, TemporalConnection connection, AdoptStart start)
      throws InterruptedException {
    Adoptions adoptions = new Adoptions(connection);
    id = adoptions.start(start);
    if (!start.isDry()) {
      screen.say(id);
      connection.page(id).ifPresent(page -> screen.say("  see " + page));
    }
    CourseWatch<AdoptView> watch =
        adoptions.watch(context().timeouts().look(), context().timeouts().worker());
    return watch.follow(
        id,
        course -> {
          if (!start.isDry()) {
            report(screen, course);
          }
        });
  }

  private void report(Screen screen, CourseView course) {
    for (StepView step : course.steps()) {
      boolean over = step.ended() != null;
      if (over && said.add(step)) {
        screen.say(Events.line(step));
      }
    }
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

  private int end(Screen screen, End<AdoptView> end) {
    return switch (end) {
      case End.Told<AdoptView>(AdoptView view) -> {
        Problem problem = view.course().problem();
        if (problem == null) {
          screen.say(view.says());
        } else {
          screen.error(problem.message());
        }
        String next = view.next();
        if (next != null) {
          screen.say("to continue: " + next);
        }
        view.course().told().notices().forEach(notice -> screen.say("! " + notice));
        screen.document(view);
        yield exit(view.state(), problem);
      }
      case End.Ended<AdoptView>(Problem problem) -> {
        screen.error(problem.message());
        screen.document(
            new Ended(
                String.valueOf(id), problem, ErrorDocument.Details.of(problem), ExitCode.FAILED));
        yield ExitCode.FAILED;
      }
    };
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
