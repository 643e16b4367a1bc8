package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.promotion.PromotionView;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "watch",
    description = "Follow a promotion, rollback, adoption or watch until it ends.")
final class WatchCommand extends PromotionCommand {

  WatchCommand(CommandEnvironment context) {
    super(context, new IdParameter.OfAny());
  }

  @Override
  int run(Screen screen) throws InterruptedException {
    try (TemporalConnection connection = connect(screen)) {
      find(screen, connection);
      Optional<CourseScreen<?>> course = course(screen, connection);
      if (course.isPresent()) {
        return course.get().watch(id());
      }
      look(connection);
      PromotionView view = new Narrator(screen, context(), connection).watchToItsEnd(id());
      new AgentReport(screen, context()).report(view);
      screen.document(view);
      return ExitCode.of(view);
    }
  }
}
