package dev.portage.command;

import dev.portage.azuredevops.LoggingCommands;
import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.page.Moments;
import dev.portage.page.TerminalPage;
import dev.portage.rollback.RollbackPage;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView;
import dev.portage.step.StepView;
import dev.portage.text.MarkdownPage;
import dev.portage.text.Page;
import dev.portage.watch.Events;
import dev.portage.watch.Rollbacks;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;

/** A rollback on a screen: what the commands that are about a promotion show of one. */
final class RollbackScreen {

  private final Screen screen;
  private final CommandEnvironment context;
  private final TemporalConnection connection;
  private final Rollbacks rollbacks;
  private final TerminalPage page;
  private final Set<String> said = new HashSet<>();
  private int notices;

  RollbackScreen(Screen screen, CommandEnvironment context, TemporalConnection connection) {
    this.screen = screen;
    this.context = context;
    this.connection = connection;
    this.rollbacks =
        new Rollbacks(connection, context.timeouts().look(), context.timeouts().worker());
    this.page = new TerminalPage(context.clock());
  }

  /**
   * A rollback as it is now.
   *
   * @throws NoSuchElementException when there is none
   */
  Rollbacks.Seen look(String id) {
    return rollbacks
        .look(id)
        .orElseThrow(
            () -> new NoSuchElementException(id + " does not exist; list them with: portage list"));
  }

  /** Shows where it stands. Returns the exit code. */
  int status(String id, boolean strict) {
    RollbackView view = look(id).view();
    if (!screen.isJson()) {
      screen.say(page.lines(RollbackPage.status(view)));
      connection.promotionPage(id).ifPresent(at -> screen.say(List.of("", "  see " + at)));
    }
    screen.document(view);
    report(view);
    return exitCode(view, strict);
  }

  /** Shows all of it. */
  int showReport(String id, Output output) {
    RollbackView view = look(id).view();
    Page whole = RollbackPage.report(view);
    switch (output) {
      case JSON -> screen.document(view);
      case MARKDOWN ->
          screen.page(MarkdownPage.of(whole, moment -> Moments.text(moment, context.clock())));
      case TEXT, AZURE_DEVOPS -> {
        screen.say(page.lines(whole));
        report(view);
      }
    }
    return ExitCode.DONE;
  }

  /** Reports each event once, as it happens. */
  RollbackView follow(String id, Predicate<RollbackView> enough) throws InterruptedException {
    RollbackView view = rollbacks.watch(id, enough, this::tell);
    screen.say(List.of("", view.id() + "  " + view.state()));
    if (view.problem() == null) {
      screen.say("  " + view.says());
    } else {
      screen.quote(view.problem().message());
    }
    screen.say(page.lines(RollbackPage.request(view)));
    screen.say(page.lines(RollbackPage.unfinished(view)));
    String next = view.next();
    if (view.state() == CourseView.State.STOPPED && next != null) {
      screen.say("  to continue: " + next);
    }
    return view;
  }

  private void tell(Rollbacks.Seen seen) {
    RollbackView view = seen.view();
    for (StepView step : view.steps()) {
      boolean over =
          step.state() != StepView.State.PENDING && step.state() != StepView.State.RUNNING;
      if (over && said.add(step.name() + step.state() + step.attempt() + step.ended())) {
        screen.say(Events.line(step));
      }
    }
    for (; notices < view.notices().size(); notices++) {
      screen.say("! " + view.notices().get(notices));
    }
    if (!seen.answered() && said.add("silent")) {
      screen.say("… " + view.says());
    }
  }

  /** What a pipeline's agent learns. */
  void report(RollbackView view) {
    if (!screen.isAzureDevOps()) {
      return;
    }
    screen.order(LoggingCommands.output("rollbackId", view.id()));
    screen.order(LoggingCommands.output("state", view.state().name()));
    screen.order(
        LoggingCommands.output("version", view.release() == null ? "" : view.release().version()));
    view.unfinished()
        .forEach(left ->
            screen.order(LoggingCommands.warning(view.id() + " is unfinished: " + left.text())));
    if (view.problem() != null) {
      screen.order(LoggingCommands.error(view.id() + ": " + view.says()));
    }
  }

  /** Waiting for people leaves a pipeline green, unless it requested otherwise. */
  int exitCode(RollbackView view, boolean strict) {
    return switch (view.state()) {
      case DONE -> ExitCode.DONE;
      case REJECTED -> ExitCode.REJECTED;
      case RUNNING, WAITING -> screen.isAzureDevOps() && !strict ? ExitCode.DONE : ExitCode.WAITING;
      // What was wrong with the order is found before anything has a turn.
      case FAILED -> isRefused(view) ? ExitCode.WRONG : ExitCode.FAILED;
      case STOPPED, CANCELLED -> ExitCode.FAILED;
    };
  }

  private static boolean isRefused(RollbackView view) {
    return view.problem() != null
        && view.problem().kind() == FailureKind.USER
        && view.steps().stream()
            .noneMatch(step -> step.name().equals("turn") && step.started() != null);
  }
}
