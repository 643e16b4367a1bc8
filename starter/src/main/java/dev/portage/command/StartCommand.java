package dev.portage.command;

import dev.portage.azuredevops.Pipeline;
import dev.portage.connection.TemporalConnection;
import dev.portage.page.Moments;
import dev.portage.page.PreflightPage;
import dev.portage.page.TerminalPage;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightReport;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.start.Draft;
import dev.portage.start.DraftMaker;
import dev.portage.start.LiveSince;
import dev.portage.start.Outcome;
import dev.portage.start.PreflightRunner;
import dev.portage.start.Starter;
import dev.portage.watch.ExistingPromotion;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "start",
    description = "Start the promotion of this commit, or attach to the existing one.")
final class StartCommand extends BaseCommand {

  /** How long to stay with it. */
  enum WaitFor {
    /** Until it is under way. */
    start,
    /** Until people have to decide. */
    approval,
    end
  }

  @Mixin private final FileOptions file = new FileOptions();

  @Option(names = "--again", description = "Repeat a promotion that has ended; needs --reason.")
  private boolean again;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why it is repeated, kept in the record.")
  private @Nullable String reason;

  @Option(
      names = "--wait-for",
      paramLabel = "start|approval|end",
      description =
          "How long to follow it: until it is under way, needs approval, or has ended. The preflight always runs first. Default: approval.")
  private WaitFor waitFor = WaitFor.approval;

  @Option(
      names = "--strict",
      description = "With azure-devops: exit with 4, not 0, while waiting for approval.")
  private boolean strict;

  private @Nullable String id;

  StartCommand(CommandEnvironment context) {
    super(context);
  }

  /**
   * A start that led to no promotion under way, as a JSON document.
   *
   * @param error what is lacking, null where nothing is
   * @param exit the exit code
   */
  record Answer(
      String id,
      @Nullable PromotionState state,
      String says,
      boolean started,
      List<Finding> findings,
      ErrorDocument.@Nullable Details error,
      int exit) {}

  @Override
  int run(Screen screen) throws InterruptedException {
    if (again != (reason != null && !reason.isBlank())) {
      throw new UsageException("use --again and --reason TEXT together");
    }
    CommandEnvironment here = context();
    boolean sandbox = TemporalConnection.sandbox(here.environment(), here.folder()).isPresent();
    screen.ifLeft(NOTHING_STARTED);
    DraftMaker maker = new DraftMaker(file.request(), here.environment(), here.folder(), sandbox);
    if (Pipeline.of(here.environment()).filter(Pipeline::isPullRequest).isPresent()) {
      screen.say("pull request: planning only, never promoting");
      Draft draft = maker.forPlan();
      id = draft.start().workflowId();
      try (TemporalConnection connection = connect(screen)) {
        return new Planning(screen, here).show(draft, connection, false);
      }
    }
    Draft draft = maker.forStart();
    id = draft.start().workflowId();
    draft.notes().forEach(note -> screen.say("! " + note));
    try (TemporalConnection connection = connect(screen)) {
      Starter starter =
          new Starter(
              connection,
              new PreflightRunner(connection, here.timeouts().worker()),
              screen::ifLeftStarting);
      Outcome outcome =
          again
              ? starter.startAgain(draft, Objects.requireNonNull(reason))
              : starter.startOrFind(draft);
      return went(screen, connection, draft, outcome);
    }
  }

  private int went(Screen screen, TemporalConnection connection, Draft draft, Outcome outcome)
      throws InterruptedException {
    return switch (outcome) {
      case Outcome.Missing(String promotion, PreflightReport report) -> {
        screen.say(
            new TerminalPage(context().clock()).head(PreflightPage.notable(report.findings())));
        String says = "nothing was started: " + PreflightPage.summary(report.findings());
        screen.error(says);
        int exit = ExitCode.of(report.findings());
        screen.document(
            new Answer(
                promotion,
                null,
                says,
                false,
                report.findings(),
                ErrorDocument.Details.of(report.findings(), says),
                exit));
        yield exit;
      }
      case Outcome.ReleasedBefore(String promotion, PreflightReport report) -> {
        String says =
            "already released; Temporal no longer has its history. To repeat it: --again --reason TEXT";
        screen.say(promotion + "  " + says);
        screen.document(
            new Answer(
                promotion,
                PromotionState.RELEASED,
                says,
                false,
                report.findings(),
                null,
                ExitCode.DONE));
        yield ExitCode.DONE;
      }
      case Outcome.Existing(ExistingPromotion existing) -> {
        String since = Moments.text(existing.started(), context().clock());
        screen.say(
            existing.id()
                + (existing.ended()
                    ? "  already ended; started " + since
                    : "  running since " + since + ", attached"));
        yield watch(screen, connection, existing.id(), existing.ended());
      }
      case Outcome.Started(String promotion, PreflightReport report, List<String> rivals) -> {
        screen.say(
            new TerminalPage(context().clock()).head(PreflightPage.notable(report.findings())));
        screen.say(
            promotion
                + "  started by "
                + draft.start().startedBy()
                + "; "
                + PreflightPage.summary(report.findings()));
        rivals.forEach(rival -> screen.say("  ! " + rival));
        connection.promotionPage(promotion).ifPresent(page -> screen.say("  see " + page));
        yield watch(screen, connection, promotion, false);
      }
    };
  }

  /**
   * Follows it.
   *
   * @param before whether it had ended before this command: what it made live may be live no more
   */
  private int watch(Screen screen, TemporalConnection connection, String promotion, boolean before)
      throws InterruptedException {
    id = promotion;
    PromotionView view =
        new Narrator(screen, context(), connection)
            .watch(
                promotion,
                now ->
                    waitFor == WaitFor.start
                        || now.state().ended()
                        || now.state() == PromotionState.STOPPED
                        || ((now.state() == PromotionState.WAITING
                                || now.state() == PromotionState.FROZEN)
                            && waitFor == WaitFor.approval));
    if (before && !view.releases().isEmpty() && !screen.isJson()) {
      new LiveSince(connection, context().timeouts().worker())
          .lines(view.model(), view.releases())
          .forEach(line -> screen.say("  " + line));
    }
    AgentReport report = new AgentReport(screen, context());
    report.report(view);
    screen.document(view);
    boolean underWay =
        view.state() == PromotionState.RUNNING
            || view.state() == PromotionState.WAITING
            || view.state() == PromotionState.FROZEN;
    return waitFor == WaitFor.start && underWay ? ExitCode.DONE : report.exitCode(view, strict);
  }

  @Override
  @Nullable String promotion() {
    return id;
  }
}
