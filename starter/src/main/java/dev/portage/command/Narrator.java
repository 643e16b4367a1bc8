package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.failure.Problem;
import dev.portage.page.Requests;
import dev.portage.page.TerminalPage;
import dev.portage.promotion.PromotionPage;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.watch.CopyBar;
import dev.portage.watch.Events;
import dev.portage.watch.Promotions;
import dev.portage.watch.Snapshot;
import dev.portage.watch.Watcher;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Watches a promotion and reports each event once, as it happens. */
final class Narrator {

  private final Screen screen;
  private final TerminalPage page;
  private final Watcher watcher;
  private final Events events;
  private final Set<String> said = new HashSet<>();
  private @Nullable String stopped;
  private boolean stays;

  Narrator(Screen screen, CommandEnvironment context, TemporalConnection connection) {
    this.screen = screen;
    this.page = new TerminalPage(context.clock());
    this.events = new Events(page::line);
    this.watcher = new Watcher(new Promotions(connection), context.timeouts().look());
  }

  PromotionView watch(String id, Predicate<PromotionView> enough) throws InterruptedException {
    return watcher.watch(id, snapshot -> enough.test(snapshot.view()), this::report).view();
  }

  /** The same to its end, however long it stands still. */
  PromotionView watchToItsEnd(String id) throws InterruptedException {
    stays = true;
    return watch(id, now -> now.state().ended());
  }

  private void report(Snapshot snapshot) {
    PromotionView view = snapshot.view();
    screen.say(events.since(snapshot));
    CopyBar.of(snapshot.pending())
        .ifPresent(progress ->
            screen.bar(
                CopyBar.line(progress),
                snapshot.pending().getFirst().id() + progress.phase(),
                CopyBar.part(progress)));
    Requests.open(view)
        .ifPresent(request -> {
          if (said.add(request.name())) {
            screen.say(page.lines(PromotionPage.request(view, request)));
          }
        });
    stop(view);
    if (view.state().ended() && said.add("end")) {
      screen.say(List.of("", view.id() + "  " + view.state()));
      if (view.problem() == null) {
        screen.say("  " + view.says());
      } else {
        screen.quote(view.problem().message());
      }
      screen.say(page.lines(PromotionPage.unfinished(view)));
    }
  }

  /** One that stopped waits for days, and so would who watches it without knowing for what. */
  private void stop(PromotionView view) {
    if (view.state() != PromotionState.STOPPED) {
      // The same may go wrong once more.
      stopped = null;
      return;
    }
    // Without a worker nobody says why.
    Problem problem = view.problem();
    String why = problem == null ? "" : problem.message();
    if (stopped != null && (why.isEmpty() || why.equals(stopped))) {
      return;
    }
    stopped = why;
    if (!why.isEmpty()) {
      screen.quote(why);
    }
    screen.say(
        stays
            ? List.of(StopLine.watching(view.says(), view.next(), problem))
            : StopLine.leaving(view.next(), problem));
  }
}
