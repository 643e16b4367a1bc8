package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryOrder;
import dev.portage.history.HistoryText;
import dev.portage.history.HistoryView;
import dev.portage.history.LiveThen;
import dev.portage.history.WorkspaceHistory;
import dev.portage.page.TerminalPage;
import dev.portage.registry.ModelName;
import dev.portage.start.HistoryRunner;
import dev.portage.watch.NotKnown;
import java.time.Instant;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "history",
    description = {
      "List what was made live of a model, newest first: releases, rollbacks, adoptions, freezes.",
      "It is read from the workspaces, which keep it longer than Temporal keeps promotions."
    })
final class HistoryCommand extends BaseCommand {

  private static final int MOST = 200;

  @Parameters(
      paramLabel = "MODEL",
      description = "The model of promotion.yaml, or the full name of a registered model.")
  private String model = "";

  @Option(
      names = "--workspace",
      paramLabel = "WORKSPACE",
      description = "Only this workspace. Default: all.")
  private @Nullable String workspace;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description =
          "Show what was live at that time instead, such as 2026-11-29T10:00:00Z; without a time"
              + " zone, that of this machine.")
  private @Nullable String at;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number of entries, 1 to 200. Default: 20.")
  private int limit = 20;

  private @Nullable String id;

  HistoryCommand(CommandEnvironment context) {
    super(context);
  }

  /**
   * The JSON document.
   *
   * @param id workflow that read it
   * @param model the model as it was asked for
   * @param at time that {@code live} is about, null if none was asked for
   * @param workspaces what each workspace answered, in order of the path
   * @param events entries of all workspaces, newest first; none where a time was asked for
   * @param live what was live at that time, by workspace; none where no time was asked for
   * @param error why a workspace did not answer, null if all did
   * @param exit the exit code
   */
  record Answer(
      String id,
      String model,
      @Nullable Instant at,
      List<WorkspaceHistory> workspaces,
      List<HistoryEvent> events,
      List<LiveThen> live,
      ErrorDocument.@Nullable Details error,
      int exit) {

    static Answer of(HistoryView view, int exit) {
      return new Answer(
          view.id(),
          view.model(),
          view.at(),
          view.workspaces(),
          view.events(),
          view.live(),
          view.workspaces().stream()
              .flatMap(one -> Stream.ofNullable(one.problem()))
              .findFirst()
              .map(problem -> ErrorDocument.Details.of(problem, exit))
              .orElse(null),
          exit);
    }
  }

  @Override
  int run(Screen screen) {
    HistoryOrder order = new HistoryOrder(model(), workspace, limit(), at(screen));
    try (TemporalConnection connection = connect(screen)) {
      id = HistoryRunner.idOf(order);
      HistoryView view = new HistoryRunner(connection, context().timeouts().worker()).read(order);
      Problem problem = view.problem();
      if (problem != null) {
        int exit = problem.kind() == FailureKind.USER ? ExitCode.WRONG : ExitCode.FAILED;
        screen.error(problem.message());
        screen.document(new ErrorDocument(id, ErrorDocument.Details.of(problem, exit), exit));
        return exit;
      }
      screen.say(new TerminalPage(context().clock()).lines(HistoryText.full(view)));
      if (nothing(view)) {
        NotKnown.model(connection, view.model()).ifPresent(screen::notice);
      }
      if (!view.events().isEmpty() || !view.live().isEmpty()) {
        screen.say(
            "times: " + context().clock().getZone().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
      }
      int exit = view.lacksAnswers() ? ExitCode.FAILED : ExitCode.DONE;
      if (view.lacksAnswers()) {
        screen.error("incomplete: not every workspace answered");
      }
      screen.document(Answer.of(view, exit));
      return exit;
    }
  }

  private static boolean nothing(HistoryView view) {
    return view.events().isEmpty() && view.live().stream().noneMatch(LiveThen::known);
  }

  private String model() {
    if (!ModelName.isAllowed(model)) {
      throw new UsageException("\"" + model + "\" is not a model name; " + ModelName.ALLOWED);
    }
    return model;
  }

  private int limit() {
    if (limit < 1 || limit > MOST) {
      throw new UsageException("--limit must be a number from 1 to " + MOST + ", not " + limit);
    }
    return limit;
  }

  private @Nullable Instant at(Screen screen) {
    if (at == null) {
      return null;
    }
    WrittenMoment moment = WrittenMoment.of("--at", at, context().clock());
    String assumed = moment.assumed();
    if (assumed != null) {
      screen.notice(assumed);
    }
    return moment.at();
  }

  @Override
  @Nullable String promotion() {
    return id;
  }
}
