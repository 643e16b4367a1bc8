package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.following.Look;
import dev.portage.promotion.PromotionView;
import dev.portage.promotion.StepView;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "cancel",
    description = "Ends a promotion and puts back what it changed, until its model is live.")
final class CancelCommand extends PromotionCommand {

  /** Putting back may take longer; then it is followed with watch. */
  private static final Duration STAY = Duration.ofSeconds(30);

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
  private @Nullable String reason;

  @Option(names = "--by", paramLabel = "NAME", description = "Who cancels.")
  private @Nullable String by;

  CancelCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run(Screen screen) throws InterruptedException {
    String person = person(by);
    try (TemporalConnection connection = connect()) {
      Look look = look(connection);
      refuse(look);
      WorkflowStub stub = connection.client().newUntypedWorkflowStub(promotion());
      stub.cancel("by " + person + (reason == null ? "" : ": " + reason));
      screen.say("asked to cancel " + promotion());
      long until = System.nanoTime() + STAY.toNanos();
      PromotionView view =
          new Narrator(screen, surroundings(), connection)
              .follow(promotion(), now -> now.state().ended() || System.nanoTime() > until);
      screen.document(view);
      return switch (view.state()) {
        case CANCELLED -> ExitCode.DONE;
        case RUNNING, WAITING, STOPPED -> {
          screen.say("it is still putting back; follow it with: portage watch " + promotion());
          yield ExitCode.WAITING;
        }
        // It came to its own end before the order did.
        case RELEASED, REJECTED, FAILED -> ExitCode.FAILED;
      };
    }
  }

  private void refuse(Look look) {
    PromotionView view = look.view();
    if (view.state().ended()) {
      throw new WrongUse(promotion() + " has ended: " + view.says());
    }
    if (!look.told()) {
      throw new WrongUse(
          "no worker answers, so it is not known whether the model is live already; start a"
              + " worker, then cancel");
    }
    boolean live =
        !view.releases().isEmpty()
            || view.steps().stream()
                .anyMatch(step ->
                    step.name().endsWith("/champion") && step.state() == StepView.State.DONE);
    if (live) {
      throw new WrongUse(
          promotion() + " is past the point of no return: its model is live. Use rollback");
    }
  }
}
