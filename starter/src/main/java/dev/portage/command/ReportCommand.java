package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.page.MarkdownPage;
import dev.portage.page.TextPage;
import dev.portage.promotion.PromotionView;
import picocli.CommandLine.Command;

@Command(
    name = "report",
    description = "Show the full report of a promotion; also with --output markdown.")
final class ReportCommand extends PromotionCommand {

  ReportCommand(CommandEnvironment context) {
    super(context);
  }

  @Override
  int run(Screen screen) {
    try (TemporalConnection connection = connect()) {
      PromotionView view = look(connection).view();
      switch (output()) {
        case JSON -> screen.document(view);
        case MARKDOWN -> screen.page(new MarkdownPage(context().clock()).report(view));
        case TEXT, AZURE_DEVOPS -> {
          screen.say(new TextPage(context().clock()).report(view));
          new AgentReport(screen, context()).report(view);
        }
      }
      // The report was written, whatever it says.
      return ExitCode.DONE;
    }
  }
}
