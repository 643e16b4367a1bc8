package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.start.Draft;
import dev.portage.start.DraftMaker;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "plan", description = "Show what a promotion would do; start nothing.")
final class PlanCommand extends BaseCommand {

  @Mixin private final FileOptions file = new FileOptions();

  @Option(
      names = "--effective",
      description = "Show every effective setting and where it comes from.")
  private boolean effective;

  private @Nullable String id;

  PlanCommand(CommandEnvironment context) {
    super(context);
  }

  @Override
  int run(Screen screen) {
    CommandEnvironment here = context();
    boolean sandbox = TemporalConnection.sandbox(here.environment(), here.folder()).isPresent();
    Draft draft =
        new DraftMaker(file.request(), here.environment(), here.folder(), sandbox).forPlan();
    id = draft.start().workflowId();
    try (TemporalConnection connection = connect(screen)) {
      return new Planning(screen, here).show(draft, connection, effective);
    }
  }

  @Override
  @Nullable String promotion() {
    return id;
  }
}
