package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.watch.Promotions;
import dev.portage.watch.Snapshot;
import picocli.CommandLine.Parameters;

/** A command about one promotion. */
abstract class PromotionCommand extends BaseCommand {

  @Parameters(
      paramLabel = "ID",
      description = "The promotion, such as promotion/churn/0123456789ab or churn/0123456789ab.")
  private String typed = "";

  PromotionCommand(CommandEnvironment context) {
    super(context);
  }

  @Override
  final String promotion() {
    return Promotions.id(typed);
  }

  final Snapshot look(TemporalConnection connection) {
    return new Promotions(connection)
        .look(promotion())
        .orElseThrow(() ->
            new UsageException(
                promotion() + " does not exist; list promotions with: portage list"));
  }
}
