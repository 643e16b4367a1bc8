package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.page.ListPage;
import dev.portage.watch.PromotionList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = "List promotions, rollbacks and watches with their dates, newest first.")
final class ListCommand extends BaseCommand {

  private static final int MOST = 1000;

  @Option(names = "--model", paramLabel = "MODEL", description = "Only for this model.")
  private @Nullable String model;

  @Option(names = "--waiting", description = "Only those waiting for someone.")
  private boolean waiting;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number to list, 1 to 1000. Default: 50.")
  private int limit = 50;

  ListCommand(CommandEnvironment context) {
    super(context);
  }

  /** The JSON document. */
  record Answer(List<PromotionList.Entry> promotions) {}

  @Override
  int run(Screen screen) {
    if (model != null && !model.matches("[a-z0-9][a-z0-9_-]{0,62}")) {
      throw new UsageException(
          "\""
              + model
              + "\" is not a valid model name; --model takes the model of promotion.yaml, not"
              + " registered-as");
    }
    if (limit < 1 || limit > MOST) {
      throw new UsageException("--limit must be a number from 1 to " + MOST + ", not " + limit);
    }
    try (TemporalConnection connection = connect(screen)) {
      List<PromotionList.Entry> entries =
          new PromotionList(connection).newest(model, waiting, limit);
      screen.say(
          entries.isEmpty()
              ? List.of("no promotions found")
              : new ListPage(context().clock()).lines(entries));
      screen.say(ListPage.pages(connection.ui(), model, entries));
      screen.document(new Answer(entries));
      return ExitCode.DONE;
    } catch (RuntimeException e) {
      if (TemporalAnswer.isUnknownCall(e)) {
        throw new UsageException(
            "the Temporal server inside Portage can't list workflows; name a promotion: portage"
                + " status ID. One that can: put the program temporal on the PATH (build/temporal"
                + " builds it), and start the sandbox again");
      }
      throw e;
    }
  }

  @Override
  @Nullable String promotion() {
    return null;
  }
}
