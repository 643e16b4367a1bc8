package dev.portage.livewatch;

import dev.portage.freeze.Freeze;
import dev.portage.live.LiveWatchId;
import dev.portage.registry.ModelName;
import dev.portage.step.CoursePage;
import dev.portage.text.Block;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Table;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A watch as a page: in Temporal's Web UI and in a terminal. */
public final class LiveWatchPage {

  private LiveWatchPage() {}

  /** What the Web UI shows. */
  static Page details(LiveWatchView view) {
    return CoursePage.details(title(view), facts(view), view.course());
  }

  /** Its state, for a terminal. */
  public static Page status(LiveWatchView view) {
    return CoursePage.status(title(view), facts(view), view.course());
  }

  private static Line title(LiveWatchView view) {
    return Line.words("Watch of version ")
        .andText(view.version())
        .andWords(" of ")
        .andText(view.model())
        .andWords(" in ")
        .andText(view.workspace());
  }

  private static List<Block> facts(LiveWatchView view) {
    List<List<Line>> rows = new ArrayList<>();
    row(rows, "watch", view.watch());
    moment(rows, "until", view.until());
    row(rows, "limits", view.limits());
    row(rows, "endpoint", view.endpoint());
    code(rows, "released by", view.promotion());
    row(rows, "looks", looks(view));
    moment(rows, "last look", view.lastAt());
    row(rows, "last result", view.last());
    row(rows, "broken limit", view.broken());
    code(rows, "rollback", view.rollback());
    if (Boolean.TRUE.equals(view.held())) {
      code(rows, "promotions are held until", Freeze.letGo(typed(view)));
    }
    return rows.isEmpty()
        ? List.of()
        : List.of(new Table(List.of("what", ""), rows, Keep.ESSENTIAL));
  }

  private static String typed(LiveWatchView view) {
    return LiveWatchId.of(view.id())
        .map(id -> ModelName.typed(view.model(), id.model()))
        .orElse(view.model());
  }

  private static @Nullable String looks(LiveWatchView view) {
    if (view.looks() == 0) {
      return null;
    }
    return view.looks()
        + (view.judged().equals(view.looks())
            ? ""
            : ", " + view.judged() + " of which judged the version");
  }

  private static void row(List<List<Line>> rows, String name, @Nullable String text) {
    if (text != null) {
      rows.add(List.of(Line.words(name), Line.text(text)));
    }
  }

  private static void code(List<List<Line>> rows, String name, @Nullable String text) {
    if (text != null) {
      rows.add(List.of(Line.words(name), Line.empty().and(new Span.Code(text))));
    }
  }

  private static void moment(List<List<Line>> rows, String name, @Nullable Instant at) {
    if (at != null) {
      rows.add(List.of(Line.words(name), Line.empty().and(new Span.Moment(at))));
    }
  }
}
