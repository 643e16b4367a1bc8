package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.promotion.PromotionView;
import picocli.CommandLine.Command;

@Command(name = "watch", description = "Follow a promotion until it ends.")
final class WatchCommand extends PromotionCommand {

  WatchCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run(Screen screen) throws InterruptedException {
    try (TemporalConnection connection = connect()) {
      look(connection);
      PromotionView view =
          new Narrator(screen, surroundings(), connection)
              .follow(promotion(), now -> now.state().ended());
      new AgentReport(screen, surroundings()).tell(view);
      screen.document(view);
      return ExitCode.of(view);
    }
  }
}
