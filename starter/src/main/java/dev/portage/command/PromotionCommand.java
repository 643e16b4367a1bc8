package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.following.Look;
import dev.portage.following.Promotions;
import picocli.CommandLine.Parameters;

/** A command about one promotion. */
abstract class PromotionCommand extends BaseCommand {

  @Parameters(
      paramLabel = "ID",
      description = "The promotion, such as promotion/churn/0123456789ab or churn/0123456789ab.")
  private String typed = "";

  PromotionCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  final String promotion() {
    return Promotions.id(typed);
  }

  final Look look(TemporalConnection connection) {
    return new Promotions(connection)
        .look(promotion())
        .orElseThrow(() ->
            new WrongUse(promotion() + " does not exist; list promotions with: portage list"));
  }
}
