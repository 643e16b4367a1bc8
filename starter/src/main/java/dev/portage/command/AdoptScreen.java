package dev.portage.command;

import dev.portage.adopt.AdoptPage;
import dev.portage.adopt.AdoptView;
import dev.portage.azuredevops.LoggingCommands;
import dev.portage.connection.TemporalConnection;
import dev.portage.text.Page;
import dev.portage.watch.Adoptions;
import java.util.List;

/** An adoption on a screen. */
final class AdoptScreen extends CourseScreen<AdoptView> {

  AdoptScreen(Screen screen, CommandEnvironment context, TemporalConnection connection) {
    super(screen, context, connection, new Adoptions.Kind());
  }

  @Override
  Page statusPage(AdoptView view) {
    return AdoptPage.status(view);
  }

  @Override
  Page reportPage(AdoptView view) {
    return AdoptPage.report(view);
  }

  @Override
  List<String> orders(AdoptView view) {
    return List.of(
        LoggingCommands.output("adoptionId", view.id()),
        LoggingCommands.output("version", view.release() == null ? "" : view.release().version()));
  }

  @Override
  String tooLate(AdoptView view) {
    return "is recorded, and that can't be cancelled; it changed nothing that readers get";
  }
}
