package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.following.CopyBar;
import dev.portage.following.Follower;
import dev.portage.following.Happenings;
import dev.portage.following.Look;
import dev.portage.following.Promotions;
import dev.portage.page.Requests;
import dev.portage.page.TextPage;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Follows a promotion and says each thing once, as it happens. */
final class Narrator {

  private final Screen screen;
  private final TextPage page;
  private final Follower follower;
  private final Happenings happenings = new Happenings();
  private final Set<String> said = new HashSet<>();

  Narrator(Screen screen, Surroundings surroundings, TemporalConnection connection) {
    this.screen = screen;
    this.page = new TextPage(surroundings.clock());
    this.follower = new Follower(new Promotions(connection), surroundings.pace().look());
  }

  PromotionView follow(String id, Predicate<PromotionView> enough) throws InterruptedException {
    return follower.follow(id, look -> enough.test(look.view()), this::tell).view();
  }

  private void tell(Look look) {
    PromotionView view = look.view();
    screen.say(happenings.since(look));
    CopyBar.of(look.pending())
        .ifPresent(progress ->
            screen.bar(
                CopyBar.line(progress),
                look.pending().getFirst().id() + progress.phase(),
                CopyBar.part(progress)));
    Requests.open(view)
        .ifPresent(request -> {
          if (said.add(request.name())) {
            screen.say(page.request(view, request));
          }
        });
    if (view.state() == PromotionState.STOPPED
        && view.problem() != null
        && said.add(view.problem().message())) {
      screen.quote(view.problem().message());
      screen.say(view.next() == null ? "" : "  to continue: " + view.next());
    }
    if (view.state().ended() && said.add("end")) {
      screen.say(List.of("", view.id() + "  " + view.state()));
      if (view.problem() == null) {
        screen.say("  " + view.says());
      } else {
        screen.quote(view.problem().message());
      }
      screen.say(page.unfinished(view));
    }
  }
}
