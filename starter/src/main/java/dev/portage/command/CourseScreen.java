package dev.portage.command;

import dev.portage.adopt.AdoptStart;
import dev.portage.azuredevops.LoggingCommands;
import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.page.Moments;
import dev.portage.page.TerminalPage;
import dev.portage.step.CourseShown;
import dev.portage.step.CourseView;
import dev.portage.step.StepView;
import dev.portage.text.MarkdownPage;
import dev.portage.text.Page;
import dev.portage.watch.Courses;
import dev.portage.watch.Events;
import dev.portage.watch.LiveWatches;
import dev.portage.watch.NotKnown;
import dev.portage.watch.Rollbacks;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A workflow that consists of steps on a screen: what the commands that are about a promotion show
 * of a rollback, an adoption or a watch.
 *
 * @param <V> what it says of itself
 */
abstract class CourseScreen<V extends CourseShown> {

  private final Screen screen;
  private final CommandEnvironment context;
  private final TemporalConnection connection;
  private final Courses<V> courses;
  private final TerminalPage page;
  private final Set<String> said = new HashSet<>();
  private final Stops stops;
  private int notices;

  CourseScreen(
      Screen screen,
      CommandEnvironment context,
      TemporalConnection connection,
      Courses.Kind<V> kind) {
    this.screen = screen;
    this.stops = new Stops(screen);
    this.context = context;
    this.connection = connection;
    this.courses =
        new Courses<>(connection, kind, context.timeouts().look(), context.timeouts().worker());
    this.page = new TerminalPage(context.clock());
  }

  /** Whether an id is that of such a workflow, and not of a promotion. */
  static boolean isId(String typed) {
    return Rollbacks.isId(typed) || AdoptStart.isId(typed) || LiveWatches.isId(typed);
  }

  /** Whether it is one that opens no requests, and leaves nothing to finish once it has ended. */
  static boolean asksNobody(String id) {
    return AdoptStart.isId(id) || LiveWatches.isId(id);
  }

  /** The screen for an id; empty if it is a promotion's. */
  static Optional<CourseScreen<?>> of(
      String id, Screen screen, CommandEnvironment context, TemporalConnection connection) {
    if (Rollbacks.isId(id)) {
      return Optional.of(new RollbackScreen(screen, context, connection));
    }
    if (LiveWatches.isId(id)) {
      return Optional.of(new LiveWatchScreen(screen, context, connection));
    }
    return AdoptStart.isId(id)
        ? Optional.of(new AdoptScreen(screen, context, connection))
        : Optional.empty();
  }

  /** Its state. */
  abstract Page statusPage(V view);

  /** All of it, where that is more. */
  Page reportPage(V view) {
    return statusPage(view);
  }

  /** What else stands below its result in a terminal, once it has ended or waits. */
  List<String> afterwards(V view, TerminalPage terminal) {
    return List.of();
  }

  /** What a pipeline's agent learns besides its state. */
  abstract List<String> orders(V view);

  /** What can't be cancelled any more, and what to do instead. */
  abstract String tooLate(V view);

  /**
   * It as it is now.
   *
   * @throws NoSuchElementException when there is none
   */
  Courses.Seen<V> look(String id) {
    return courses.look(id).orElseThrow(() -> NotKnown.id(connection, id));
  }

  /** Shows where it stands. Returns the exit code. */
  int status(String id, boolean strict) {
    V view = look(id).view();
    if (!screen.isJson()) {
      screen.say(page.lines(statusPage(view)));
      connection.promotionPage(id).ifPresent(at -> screen.say(List.of("", "  see " + at)));
    }
    screen.document(view);
    report(view);
    return exitCode(view, strict);
  }

  /** Shows all of it. */
  int showReport(String id, Output output) {
    V view = look(id).view();
    Page whole = reportPage(view);
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

  /** Follows it to its end. Returns the exit code. */
  int watch(String id) throws InterruptedException {
    stops.stay();
    V end = follow(id, view -> view.state().ended());
    report(end);
    screen.document(end);
    return exitCode(end, true);
  }

  /**
   * Requests a cancel, and stays for a while to see what becomes of it. Returns the exit code.
   *
   * @param cancel requests it
   * @param nanos how long it stays
   */
  int cancel(String id, Runnable cancel, long nanos) throws InterruptedException {
    V now = look(id).view();
    if (now.state().ended()) {
      throw new UsageException(id + " has ended: " + now.says());
    }
    if (now.pastNoReturn()) {
      throw new UsageException(id + " " + tooLate(now));
    }
    cancel.run();
    screen.say("cancel requested: " + id);
    long until = System.nanoTime() + nanos;
    V end = follow(id, view -> view.state().ended() || System.nanoTime() > until);
    screen.document(end);
    return switch (end.state()) {
      case CANCELLED -> ExitCode.DONE;
      case RUNNING, WAITING, STOPPED -> ExitCode.WAITING;
      case DONE, REJECTED, FAILED -> ExitCode.FAILED;
    };
  }

  /** Reports each event once, as it happens. */
  V follow(String id, Predicate<V> enough) throws InterruptedException {
    screen.ifLeftFollowing(id);
    V view =
        courses.watch(
            id,
            enough,
            seen -> {
              tell(seen);
              if (!enough.test(seen.view())) {
                tellStop(seen.view());
              }
            });
    screen.ifLeft(null);
    screen.say(List.of("", view.id() + "  " + view.state()));
    if (view.problem() == null) {
      screen.say("  " + view.says());
    } else {
      screen.quote(view.problem().message());
    }
    screen.say(afterwards(view, page));
    if (view.state() == CourseView.State.STOPPED) {
      screen.say(StopLine.leaving(view.next(), view.problem()));
    }
    return view;
  }

  /** The same without a word until it is enough. */
  V await(String id, Predicate<V> enough) throws InterruptedException {
    return courses.watch(id, enough, seen -> {});
  }

  private void tell(Courses.Seen<V> seen) {
    V view = seen.view();
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

  private void tellStop(V view) {
    if (view.state() == CourseView.State.STOPPED) {
      stops.tell(view.says(), view.next(), view.problem());
    } else {
      stops.none();
    }
  }

  /** What a pipeline's agent learns. */
  void report(V view) {
    if (!screen.isAzureDevOps()) {
      return;
    }
    screen.order(LoggingCommands.output("state", view.state().name()));
    orders(view).forEach(screen::order);
    if (view.problem() != null) {
      screen.order(LoggingCommands.error(view.id() + ": " + view.says()));
    }
  }

  /** Waiting for people leaves a pipeline green, unless it requested otherwise. */
  int exitCode(V view, boolean strict) {
    return switch (view.state()) {
      case DONE -> ExitCode.DONE;
      case REJECTED -> ExitCode.REJECTED;
      case RUNNING, WAITING -> screen.isAzureDevOps() && !strict ? ExitCode.DONE : ExitCode.WAITING;
      // What was wrong with the order is found before anything has a turn.
      case FAILED -> isRefused(view) ? ExitCode.WRONG : ExitCode.FAILED;
      case STOPPED, CANCELLED -> ExitCode.FAILED;
    };
  }

  /** Whether it changed nothing, since its order was wrong. */
  boolean isRefused(V view) {
    return view.problem() != null
        && view.problem().kind() == FailureKind.USER
        && view.steps().stream()
            .noneMatch(step -> step.name().equals("turn") && step.started() != null);
  }
}
