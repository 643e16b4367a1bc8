package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.promotion.PromotionView;
import dev.portage.text.Bounded;
import dev.portage.watch.Snapshot;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "cancel",
    description = {
      "Cancel a promotion before its model goes live, and undo its changes.",
      "A rollback or an adoption likewise; a watch just ends."
    })
final class CancelCommand extends PromotionCommand {

  /** Putting back may take longer; then it is followed with watch. */
  private static final Duration STAY = Duration.ofSeconds(30);

  @Option(names = "--reason", paramLabel = "TEXT", description = "Reason, kept in the record.")
  private @Nullable String reason;

  @Option(names = "--by", paramLabel = "NAME", description = "Who is cancelling.")
  private @Nullable String by;

  CancelCommand(CommandEnvironment context) {
    super(context, new IdParameter.OfAny());
  }

  @Override
  int run(Screen screen) throws InterruptedException {
    String person = person(by);
    try (TemporalConnection connection = connect(screen)) {
      find(screen, connection);
      String why =
          "by " + person + (reason == null ? "" : ": " + Bounded.line(reason, Bounded.LINE));
      Optional<CourseScreen<?>> course = course(screen, connection);
      if (course.isPresent()) {
        return course.get().cancel(id(), () -> cancel(connection, why), STAY.toNanos());
      }
      Snapshot snapshot = look(connection);
      refuse(snapshot);
      cancel(connection, why);
      if (!snapshot.answered()) {
        screen.say(
            "stored: no worker is responding; the cancel takes effect when one is back, unless the model is live by then");
        screen.document(snapshot.view());
        return ExitCode.WAITING;
      }
      screen.say("cancel requested: " + id());
      long until = System.nanoTime() + STAY.toNanos();
      PromotionView view =
          new Narrator(screen, context(), connection)
              .watch(id(), now -> now.state().ended() || System.nanoTime() > until);
      screen.document(view);
      return switch (view.state()) {
        case CANCELLED -> ExitCode.DONE;
        case RUNNING, WAITING, STOPPED, FROZEN -> {
          screen.say("still undoing its changes; follow it with: portage watch " + id());
          yield ExitCode.WAITING;
        }
        case RELEASED, REJECTED, FAILED, SUPERSEDED -> {
          screen.say("too late to cancel: it had already ended");
          yield ExitCode.FAILED;
        }
      };
    }
  }

  private void cancel(TemporalConnection connection, String why) {
    try {
      connection.client().newUntypedWorkflowStub(id()).cancel(why);
    } catch (RuntimeException e) {
      if (!TemporalAnswer.isNotFound(e)) {
        throw e;
      }
      throw new UsageException(id() + " has just ended; see: portage status " + id());
    }
  }

  private void refuse(Snapshot snapshot) {
    PromotionView view = snapshot.view();
    if (view.state().ended()) {
      throw new UsageException(id() + " has ended: " + view.says());
    }
    if (view.pastNoReturn()) {
      throw new UsageException(
          id()
              + " is past the point of no return: its model is going live in "
              + view.path().getLast()
              + ", and that can't be cancelled. To go back: portage rollback "
              + view.typedAt(view.path().getLast())
              + " --reason TEXT");
    }
  }
}
