package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.page.TerminalPage;
import dev.portage.promotion.PromotionPage;
import dev.portage.promotion.PromotionView;
import dev.portage.watch.Aftermath;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description = "Show where a promotion, rollback, adoption or watch stands.")
final class StatusCommand extends PromotionCommand {

  @Option(
      names = "--strict",
      description = "With azure-devops: exit with 4, not 0, while waiting for approval.")
  private boolean strict;

  StatusCommand(CommandEnvironment context) {
    super(context, new IdParameter.OfAny());
  }

  @Override
  int run(Screen screen) {
    try (TemporalConnection connection = connect(screen)) {
      find(screen, connection);
      Optional<CourseScreen<?>> course = course(screen, connection);
      if (course.isPresent()) {
        return course.get().status(id(), strict);
      }
      PromotionView view = look(connection).view();
      if (!screen.isJson()) {
        screen.say(new TerminalPage(context().clock()).lines(PromotionPage.status(view)));
        if (view.state().ended()) {
          List<Aftermath.Event> since = new Aftermath(connection).of(view);
          since.forEach(event -> screen.say("  since then: " + event.line()));
        }
        connection
            .promotionPage(view.id())
            .ifPresent(page -> screen.say(List.of("", "  see " + page)));
      }
      screen.document(view);
      AgentReport report = new AgentReport(screen, context());
      report.report(view);
      return report.exitCode(view, strict);
    }
  }
}
