package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.page.Moments;
import dev.portage.page.TerminalPage;
import dev.portage.promotion.PromotionPage;
import dev.portage.promotion.PromotionView;
import dev.portage.text.MarkdownPage;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "report",
    description =
        "Show the full report of a promotion, rollback, adoption or watch; also with --output markdown.")
final class ReportCommand extends PromotionCommand {

  ReportCommand(CommandEnvironment context) {
    super(context, new IdParameter.OfAny());
  }

  @Override
  int run(Screen screen) {
    try (TemporalConnection connection = connect(screen)) {
      find(screen, connection);
      Optional<CourseScreen<?>> course = course(screen, connection);
      if (course.isPresent()) {
        return course.get().showReport(id(), output());
      }
      PromotionView view = look(connection).view();
      switch (output()) {
        case JSON -> screen.document(view);
        case MARKDOWN ->
            screen.page(
                MarkdownPage.of(
                    PromotionPage.report(view), moment -> Moments.text(moment, context().clock())));
        case TEXT, AZURE_DEVOPS -> {
          screen.say(new TerminalPage(context().clock()).lines(PromotionPage.report(view)));
          new AgentReport(screen, context()).report(view);
        }
      }
      // The report was written, whatever it says.
      return ExitCode.DONE;
    }
  }
}
