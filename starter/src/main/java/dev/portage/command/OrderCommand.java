package dev.portage.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.freeze.FreezeTime;
import dev.portage.order.OrderAnswer;
import dev.portage.order.OrderText;
import dev.portage.order.OrderView;
import dev.portage.order.WorkspaceOrder;
import dev.portage.page.TerminalPage;
import dev.portage.registry.ModelName;
import dev.portage.start.OrderRunner;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Orders about workspaces, which their workers carry out. */
abstract class OrderCommand extends BaseCommand {

  /** Stands for every workspace. */
  private static final String ALL = "all";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Reason, kept in the record. Required.")
  private @Nullable String reason;

  @Option(names = "--by", paramLabel = "NAME", description = "Who orders it.")
  private @Nullable String by;

  private @Nullable String id;

  OrderCommand(CommandEnvironment context) {
    super(context);
  }

  /** What was typed, checked as far as that is possible here. */
  abstract WorkspaceOrder order(Screen screen);

  /**
   * The JSON document.
   *
   * @param id workflow that carried it out
   * @param ordered what was ordered, at the same level
   * @param workspaces what happened in each workspace, in order of the path
   * @param error why it was not done in some workspace, null if it was done in all
   * @param exit the exit code
   */
  record Answer(
      String id,
      @JsonUnwrapped Ordered ordered,
      List<OrderAnswer> workspaces,
      ErrorDocument.@Nullable Details error,
      int exit) {

    static Answer of(OrderView view, ErrorDocument.@Nullable Details error, int exit) {
      return new Answer(view.id(), Ordered.of(view.order()), view.workspaces(), error, exit);
    }
  }

  /**
   * The order, in the JSON document.
   *
   * @param order "freeze", "unfreeze" or "lift"
   * @param workspace the only workspace that was meant, null for all
   * @param until when the freeze ends, null for other orders
   * @param model model of the candidate, null for other orders
   * @param candidate the candidate as it was typed, null for other orders
   * @param by who ordered it
   * @param reason why
   */
  record Ordered(
      String order,
      @Nullable String workspace,
      @Nullable Instant until,
      @Nullable String model,
      @Nullable String candidate,
      String by,
      String reason) {

    static Ordered of(WorkspaceOrder order) {
      return new Ordered(
          order.kind().word(),
          order.workspace(),
          order.until(),
          order.model(),
          order.candidate(),
          order.by(),
          order.reason());
    }
  }

  @Override
  final int run(Screen screen) {
    WorkspaceOrder order = order(screen);
    try (TemporalConnection connection = connect(screen)) {
      id = OrderRunner.idOf(order);
      OrderView view = new OrderRunner(connection, context().timeouts().worker()).carryOut(order);
      Problem none = view.problem();
      if (none != null) {
        screen.error(none.message());
        int exit = exit(none);
        screen.document(Answer.of(view, ErrorDocument.Details.of(none, exit), exit));
        return exit;
      }
      screen.say(new TerminalPage(context().clock()).lines(OrderText.page(view)));
      List<Problem> problems =
          view.workspaces().stream()
              .flatMap(answer -> Stream.ofNullable(answer.problem()))
              .toList();
      if (problems.isEmpty()) {
        screen.document(Answer.of(view, null, ExitCode.DONE));
        return ExitCode.DONE;
      }
      boolean several = view.workspaces().size() > 1;
      screen.error(
          several
              ? "not done in " + problems.size() + " of " + view.workspaces().size() + " workspaces"
              : problems.getFirst().message());
      int exit = several ? ExitCode.FAILED : exit(problems.getFirst());
      screen.document(Answer.of(view, ErrorDocument.Details.of(problems.getFirst(), exit), exit));
      return exit;
    }
  }

  private static int exit(Problem problem) {
    return problem.kind() == FailureKind.USER ? ExitCode.WRONG : ExitCode.FAILED;
  }

  final String reason() {
    if (reason == null || reason.isBlank()) {
      throw new UsageException(
          "the record needs a reason, and nothing was changed; add: --reason TEXT");
    }
    if (!Bounded.fits(reason, Bounded.LINE)) {
      throw new UsageException(
          "--reason is longer than "
              + Bounded.LINE
              + " bytes, and nothing was changed; shorten it");
    }
    return reason;
  }

  final String by() {
    return person(by);
  }

  /** A workspace as it was typed; null for all. */
  static @Nullable String workspace(String typed) {
    String name = typed.strip();
    if (name.isEmpty()) {
      throw new UsageException("no workspace is named; name one of the platform file, or all");
    }
    return name.equals(ALL) ? null : name;
  }

  /** The value of an option that narrows an order to one workspace; null where it is not given. */
  static @Nullable String only(@Nullable String typed) {
    if (typed != null && typed.isBlank()) {
      throw new UsageException(
          "--workspace names no workspace; name one of the platform file, or leave it out");
    }
    return typed == null ? null : workspace(typed);
  }

  @Override
  final @Nullable String promotion() {
    return id;
  }

  @Command(
      name = "freeze",
      description = {
        "Let no promotion go live in a workspace until a given time.",
        "Promotions to it wait, and continue by themselves; a rollback goes through."
      })
  static final class Freeze extends OrderCommand {

    @Parameters(
        paramLabel = "WORKSPACE|all",
        description = "A workspace of the platform file, or all.")
    private String workspace = "";

    @Option(
        names = "--until",
        paramLabel = "TIME",
        description =
            "Required. When it ends by itself, such as \"2026-12-31 18:00\", in the time zone of this machine, or 2026-12-31T18:00+01:00.")
    private @Nullable String until;

    Freeze(CommandEnvironment context) {
      super(context);
    }

    @Override
    WorkspaceOrder order(Screen screen) {
      return WorkspaceOrder.freeze(workspace(workspace), until(screen), by(), reason());
    }

    private Instant until(Screen screen) {
      if (until == null || until.isBlank()) {
        throw new UsageException("a freeze needs an end; add: --until TIME, " + FreezeTime.ALLOWED);
      }
      WrittenMoment end = WrittenMoment.toCome("--until", until, context().clock());
      String assumed = end.assumed();
      if (assumed != null) {
        screen.notice(assumed);
      }
      return end.at();
    }
  }

  @Command(
      name = "unfreeze",
      description = {
        "End the freezes of a workspace before their time, or the hold on a model.",
        "A model is held once its watch has found a broken limit. Freezes that are in the platform"
            + " file are ended there."
      })
  static final class Unfreeze extends OrderCommand {

    @Parameters(
        arity = "0..1",
        paramLabel = "WORKSPACE|all|MODEL",
        description = {
          "A workspace of the platform file, or all; or a model that is held.",
          "If a workspace and a model have that name, the workspace is meant."
        })
    private @Nullable String named;

    @Option(
        names = "--model",
        paramLabel = "MODEL",
        description = "The model that is held, where a workspace has the same name.")
    private @Nullable String model;

    @Option(
        names = "--workspace",
        paramLabel = "WORKSPACE",
        description = "Let go of the model only there. Default: wherever it is held.")
    private @Nullable String workspace;

    Unfreeze(CommandEnvironment context) {
      super(context);
    }

    @Override
    WorkspaceOrder order(Screen screen) {
      if (named != null && model != null) {
        throw new UsageException("name either a workspace or --model, not both");
      }
      String held = model != null ? model : workspace != null ? named : null;
      if (held != null) {
        if (!ModelName.isAllowed(held)) {
          throw new UsageException("\"" + held + "\" is not a model name; " + ModelName.ALLOWED);
        }
        return WorkspaceOrder.letGo(held, only(workspace), by(), reason());
      }
      return WorkspaceOrder.unfreeze(workspace(named == null ? "" : named), by(), reason());
    }
  }

  @Command(
      name = "lift",
      description = {
        "Let a candidate that was rejected or rolled back be promoted again.",
        "It goes live only by a new promotion, with a new approval."
      })
  static final class Lift extends OrderCommand {

    @Parameters(
        index = "0",
        paramLabel = "MODEL",
        description = "The model of promotion.yaml, or the full name of a registered model.")
    private String model = "";

    @Parameters(
        index = "1",
        paramLabel = "CANDIDATE",
        description = "Its version, or the first 7 or more digits of its commit or digest.")
    private String candidate = "";

    @Option(
        names = "--workspace",
        paramLabel = "WORKSPACE",
        description = "Only in this workspace. Default: all, wherever it is refused.")
    private @Nullable String workspace;

    Lift(CommandEnvironment context) {
      super(context);
    }

    @Override
    WorkspaceOrder order(Screen screen) {
      if (!ModelName.isAllowed(model)) {
        throw new UsageException("\"" + model + "\" is not a model name; " + ModelName.ALLOWED);
      }
      String named = candidate.strip();
      if (named.isEmpty()) {
        throw new UsageException(
            "no candidate is named; name its version, or the beginning of its commit or digest");
      }
      return WorkspaceOrder.lift(model, named, only(workspace), by(), reason());
    }
  }
}
