package dev.portage.command;

import dev.portage.checkout.Checkout;
import dev.portage.checkout.CheckoutException;
import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.failure.Problem;
import dev.portage.page.Requests;
import dev.portage.page.TerminalPage;
import dev.portage.promotion.PromotionPage;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.shortid.PromotionFinder;
import dev.portage.start.PromotionFiles;
import dev.portage.text.Bounded;
import dev.portage.watch.Aftermath;
import dev.portage.watch.ExistingPromotion;
import dev.portage.watch.Promotions;
import dev.portage.watch.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code portage} without a command: what is here, and what one can do now. Changes nothing. */
@Command(
    name = "portage",
    version = "portage 0.1.0",
    description = {
      "Promotes models from the workspace they were trained in to production.",
      "Without a command: shows what you can do here now."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 usage or file error, 3 rejected, 4 still waiting.",
      "Temporal: the TEMPORAL_* variables, otherwise the running sandbox: of this folder, or the nearest.",
      "--output json prints one document, also for errors. More: portage help COMMAND"
    })
final class HereCommand extends BaseCommand {

  /** Someone is looking at an empty prompt in the meantime. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean version;

  HereCommand(CommandEnvironment context) {
    super(context);
  }

  /**
   * One thing that can be done now.
   *
   * @param command to paste
   * @param why what it does
   */
  record Next(String command, String why) {}

  /**
   * What is here, as a JSON document.
   *
   * @param id the checkout's newest promotion, null when none is known
   * @param here what was found, a line each
   * @param next what can be done, the likeliest first
   */
  record Answer(@Nullable String id, List<String> here, List<Next> next) {}

  private static final int MOST_SAID = 300;

  private final List<String> here = new ArrayList<>();
  private final List<Next> next = new ArrayList<>();
  private @Nullable String id;

  @Override
  int run(Screen screen) {
    look();
    next.add(new Next("portage help", "list every command"));
    here.forEach(screen::say);
    screen.say("");
    int width = next.stream().mapToInt(one -> one.command().length()).max().orElse(0);
    next.forEach(one ->
        screen.say(
            "  " + one.command() + " ".repeat(width - one.command().length() + 2) + one.why()));
    screen.document(new Answer(id, List.copyOf(here), List.copyOf(next)));
    return ExitCode.DONE;
  }

  private void look() {
    Optional<Checkout> found;
    try {
      found = Checkout.around(context().folder());
    } catch (CheckoutException e) {
      here.add(String.valueOf(e.getMessage()));
      return;
    }
    if (found.isEmpty()) {
      here.add("no Git repository here");
      next.add(new Next("portage init", "create a project here, or set up the existing one"));
      next.add(new Next("portage demo", "watch a whole promotion first; nothing is needed"));
      return;
    }
    Checkout checkout = found.get();
    List<PromotionFiles.Entry> files = PromotionFiles.of(checkout);
    if (files.isEmpty()) {
      here.add("Git repository " + checkout.top() + " has no promotion.yaml");
      next.add(new Next("portage init", "find its notebooks and model, and write promotion.yaml"));
      return;
    }
    files.forEach(this::tell);
    connected(checkout, files);
  }

  private void tell(PromotionFiles.Entry file) {
    here.add(name(file) + (file.model() == null ? "" : ": model " + file.model()));
    file.errors().forEach(error -> here.add("  ✗ " + error));
  }

  /** As it is typed here. */
  private String name(PromotionFiles.Entry file) {
    Path folder = context().folder().toAbsolutePath().normalize();
    try {
      return folder.toRealPath().relativize(file.path().toRealPath()).toString().replace('\\', '/');
    } catch (java.io.IOException _) {
      return file.path().toString();
    }
  }

  private void connected(Checkout checkout, List<PromotionFiles.Entry> files) {
    try (TemporalConnection connection =
        TemporalConnection.open(
            context().environment(), context().folder(), PATIENCE, line -> {})) {
      here.add("Temporal at " + connection.address() + " answers");
      PromotionFinder finder = new PromotionFinder(connection);
      Optional<ExistingPromotion> newest = finder.newestOf(checkout, PromotionFiles.models(files));
      newest.ifPresentOrElse(
          promotion -> promotion(connection, promotion),
          () -> here.add("it knows no promotion of this checkout"));
      starts(checkout, files, newest);
    } catch (ConnectionException e) {
      here.add(String.valueOf(e.getMessage()));
      next.add(new Next("portage sandbox", "in another terminal: Temporal and two workspaces"));
    } catch (RuntimeException e) {
      if (!TemporalAnswer.isFailure(e)) {
        throw e;
      }
      here.add("Temporal does not answer in time");
      next.add(new Next("portage doctor", "see what is missing"));
    }
  }

  private void promotion(TemporalConnection connection, ExistingPromotion promotion) {
    id = promotion.id();
    Optional<Snapshot> look = new Promotions(connection).look(promotion.id());
    if (look.isEmpty()) {
      return;
    }
    PromotionView view = look.get().view();
    here.add(
        view.id()
            + "  "
            + view.state()
            + ", "
            + Bounded.line(
                new TerminalPage(context().clock()).line(PromotionPage.says(firstLine(view))),
                MOST_SAID));
    for (Aftermath.Event event : new Aftermath(connection).of(view)) {
      here.add("  since then: " + event.line());
      String command = event.next();
      String why = event.why();
      if (command != null && why != null) {
        next.add(new Next(command, why));
      }
    }
    switch (view.state()) {
      case WAITING -> {
        next.add(new Next("portage report", "read its evidence and its plan"));
        Requests.open(view)
            .ifPresent(request ->
                next.add(
                    new Next(
                        "portage approve",
                        "approve "
                            + request.name()
                            + "; needs another person than "
                            + view.startedBy())));
      }
      case STOPPED -> {
        next.add(new Next("portage status", "read why it stopped"));
        Problem problem = view.problem();
        if (problem != null && problem.needsAnotherPromotion()) {
          next.add(new Next("git commit --all", "fix it in a new commit, and start that"));
          next.add(new Next("portage cancel", "end this one, which waits for nothing else"));
        } else {
          next.add(new Next("portage resume", "continue once it is fixed"));
        }
      }
      case FROZEN -> {
        next.add(new Next("portage status", "read what is frozen, by whom and until when"));
        next.add(
            new Next(
                "portage unfreeze WORKSPACE --reason TEXT",
                "end the freeze; one of the platform file is ended there"));
        next.add(
            new Next(
                "portage resume --break-glass --reason TEXT",
                "go through the freeze; a second person confirms by the same command"));
      }
      case RUNNING -> next.add(new Next("portage watch", "follow it to its end"));
      case RELEASED ->
          next.add(
              view.left().isEmpty()
                  ? new Next("portage report", "read what was made live, and who approved it")
                  : new Next("portage resume", "finish what it left unfinished"));
      case REJECTED, FAILED, CANCELLED, SUPERSEDED ->
          next.add(new Next("portage report", "read why"));
    }
  }

  /** What stopped it may say a whole trace. */
  private static PromotionView firstLine(PromotionView view) {
    Problem problem = view.problem();
    int step = view.says().indexOf(": ");
    return view.state() == PromotionState.STOPPED && problem != null && step > 0
        ? view.saying(
            view.says().substring(0, step + 2) + problem.cameBack().lines().findFirst().orElse(""))
        : view;
  }

  /** A start, where the newest commit has no promotion yet. */
  private void starts(
      Checkout checkout, List<PromotionFiles.Entry> files, Optional<ExistingPromotion> newest) {
    List<String> head = checkout.newest(1);
    for (PromotionFiles.Entry file : files) {
      if (!file.errors().isEmpty()) {
        next.add(new Next("portage plan " + name(file), "check it again once it is corrected"));
      } else if (head.isEmpty()) {
        next.add(new Next("git add --all && git commit", "Portage promotes commits"));
      } else if (newest
          .filter(found -> found.id().contains(head.getFirst().substring(0, 12)))
          .isEmpty()) {
        next.add(new Next("portage plan " + name(file), "see what a promotion would do"));
        next.add(new Next("portage start " + name(file), "promote the newest commit"));
      }
    }
  }

  @Override
  @Nullable String promotion() {
    return id;
  }
}
