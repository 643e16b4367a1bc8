package dev.portage.command;

import dev.portage.connection.TemporalConnection;
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

/** Watches a promotion and reports each event once, as it happens. */
final class Narrator {

  private final Screen screen;
  private final TerminalPage page;
  private final Watcher watcher;
  private final Events events;
  private final Set<String> said = new HashSet<>();
  private final Stops stops;

  Narrator(Screen screen, CommandEnvironment context, TemporalConnection connection) {
    this.screen = screen;
    this.stops = new Stops(screen);
    this.page = new TerminalPage(context.clock());
    this.events = new Events(page::line);
    this.watcher = new Watcher(new Promotions(connection), context.timeouts().look());
  }

  PromotionView watch(String id, Predicate<PromotionView> enough) throws InterruptedException {
    screen.ifLeftFollowing(id);
    PromotionView view =
        watcher.watch(id, snapshot -> enough.test(snapshot.view()), this::report).view();
    screen.ifLeft(null);
    return view;
  }

  /** The same to its end, however long it stands still. */
  PromotionView watchToItsEnd(String id) throws InterruptedException {
    stops.stay();
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

  private void stop(PromotionView view) {
    if (view.state() == PromotionState.STOPPED) {
      stops.tell(view.says(), view.next(), view.problem());
    } else {
      stops.none();
    }
  }
}
