package dev.portage.command;

import dev.portage.azuredevops.LoggingCommands;
import dev.portage.connection.TemporalConnection;
import dev.portage.page.TerminalPage;
import dev.portage.rollback.RollbackPage;
import dev.portage.rollback.RollbackView;
import dev.portage.text.Page;
import dev.portage.watch.Rollbacks;
import java.util.ArrayList;
import java.util.List;

/** A rollback on a screen. */
final class RollbackScreen extends CourseScreen<RollbackView> {

  RollbackScreen(Screen screen, CommandEnvironment context, TemporalConnection connection) {
    super(screen, context, connection, new Rollbacks.Kind());
  }

  @Override
  Page statusPage(RollbackView view) {
    return RollbackPage.status(view);
  }

  @Override
  Page reportPage(RollbackView view) {
    return RollbackPage.report(view);
  }

  @Override
  List<String> afterwards(RollbackView view, TerminalPage terminal) {
    List<String> lines = new ArrayList<>(terminal.lines(RollbackPage.request(view)));
    lines.addAll(terminal.lines(RollbackPage.unfinished(view)));
    return lines;
  }

  @Override
  List<String> orders(RollbackView view) {
    List<String> orders = new ArrayList<>();
    orders.add(LoggingCommands.output("rollbackId", view.id()));
    orders.add(
        LoggingCommands.output("version", view.release() == null ? "" : view.release().version()));
    orders.addAll(AgentReport.endpoint(view.release()));
    view.unfinished()
        .forEach(left ->
            orders.add(LoggingCommands.warning(view.id() + " is unfinished: " + left.text())));
    return orders;
  }

  @Override
  String tooLate(RollbackView view) {
    return "has restored everything, and that can't be cancelled. To go elsewhere: portage rollback "
        + view.model()
        + " --to VERSION --reason TEXT";
  }
}
