package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.page.TerminalPage;
import dev.portage.rollback.RollbackInput;
import dev.portage.rollback.RollbackPage;
import dev.portage.rollback.RollbackPlan;
import dev.portage.rollback.RollbackStart;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView;
import dev.portage.watch.NotKnown;
import dev.portage.watch.Rollbacks;
import io.temporal.failure.ApplicationFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description = {
      "Go back to an earlier release of a model.",
      "Shows now → then, asks once, and restores everything that is live, in one turn,",
      "before any promotion that waits."
    })
final class RollbackCommand extends BaseCommand {

  @Parameters(
      paramLabel = "MODEL",
      description = "The model, by its name in promotion.yaml or in the registry.")
  private String model = "";

  @Option(
      names = "--workspace",
      paramLabel = "WORKSPACE",
      description = "Where to go back. Default: the last workspace of the path.")
  private @Nullable String workspace;

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description =
          "Version to go back to. Default: the newest release before the live one, except those that were"
              + " rolled back.")
  private @Nullable String to;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Reason, kept in the record. Required.")
  private @Nullable String reason;

  @Mixin private final LiveOrderOptions order = new LiveOrderOptions();

  @Option(
      names = "--strict",
      description = "With azure-devops: exit with 4, not 0, while waiting for approval.")
  private boolean strict;

  private @Nullable String id;

  RollbackCommand(CommandEnvironment context) {
    super(context);
  }

  @Override
  int run(Screen screen) throws InterruptedException {
    if (reason == null || reason.isBlank()) {
      throw new UsageException(
          "a rollback needs a reason, which the record keeps; add: --reason TEXT");
    }
    RollbackStart start =
        Input.checked(
            new RollbackStart(model, workspace, to, reason, person(order.by()), null, null));
    screen.ifLeft(NOTHING_STARTED);
    try (TemporalConnection connection = connect(screen)) {
      Rollbacks rollbacks = new Rollbacks(connection);
      RollbackScreen shown = new RollbackScreen(screen, context(), connection);
      RollbackView planned = shown.await(rollbacks.startPlan(start), view -> view.state().ended());
      RollbackPlan plan = planned.plan();
      if (plan == null || planned.state() != CourseView.State.DONE) {
        return refused(screen, planned, connection);
      }
      screen.say(start.model() + " in " + plan.workspace() + ": " + plan.line());
      TerminalPage page = new TerminalPage(context().clock());
      screen.say(page.lines(RollbackPage.plan(plan)));
      rollbacks.holder(planned).ifPresent(screen::say);
      if (!order.agreed(screen, context(), "Roll back?")) {
        screen.say("nothing was changed");
        return ExitCode.REJECTED;
      }
      return roll(screen, connection, shown, start.agreedTo(plan.expected()), plan.rollback());
    }
  }

  private int roll(
      Screen screen,
      TemporalConnection connection,
      RollbackScreen shown,
      RollbackStart start,
      String rollback)
      throws InterruptedException {
    id = rollback;
    screen.ifLeftStarting(rollback);
    if (!new Rollbacks(connection).start(rollback, start)) {
      throw new UsageException(
          rollback
              + " was started in the meantime by somebody else, and nothing was changed by this"
              + " command; follow that one: portage watch "
              + rollback);
    }
    screen.say(rollback);
    connection.promotionPage(rollback).ifPresent(page -> screen.say("  see " + page));
    RollbackView view =
        shown.follow(
            rollback,
            now ->
                now.state().ended()
                    || now.state() == CourseView.State.STOPPED
                    || now.state() == CourseView.State.WAITING);
    screen.document(view);
    shown.report(view);
    return shown.exitCode(view, strict);
  }

  /** A class of its own: Temporal's failures are loaded where they are needed, not for the help. */
  private static final class Input {
    private Input() {}

    /** What is wrong with what was typed, before anything is started. */
    static RollbackStart checked(RollbackStart typed) {
      try {
        return RollbackInput.checked(typed);
      } catch (ApplicationFailure wrong) {
        Problem problem = Failures.problemOf(wrong, "roll back", "the command");
        throw new UsageException(problem.cameBack() + "; nothing was changed");
      }
    }
  }

  private static int refused(Screen screen, RollbackView planned, TemporalConnection connection) {
    Problem problem = planned.problem();
    Problem told =
        problem == null
            ? Problem.of(
                FailureKind.CANCELLED,
                "look what a rollback would do",
                planned.id(),
                planned.says(),
                "Nothing was changed. Run the command again.")
            : new Rollbacks(connection).refusal(planned, problem);
    screen.error(told.message());
    if (told.kind() == FailureKind.USER) {
      NotKnown.model(connection, planned.model()).ifPresent(screen::notice);
    }
    int exit = told.kind() == FailureKind.USER ? ExitCode.WRONG : ExitCode.FAILED;
    screen.document(
        new CopyCommand.Failed(planned.id(), told, ErrorDocument.Details.of(told, exit), exit));
    return exit;
  }

  @Override
  @Nullable String promotion() {
    return id;
  }
}
