package dev.portage.page;

import dev.portage.promotion.PromotionState;
import dev.portage.serving.TrafficShare;
import dev.portage.temporal.WebUi;
import dev.portage.watch.PromotionList;
import java.time.Clock;
import java.time.Instant;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A list of promotions as lines for a terminal. */
public final class ListPage {

  private static final String NONE = "–";

  private final Clock clock;

  /** Shows times in a clock's zone. */
  public ListPage(Clock clock) {
    this.clock = clock;
  }

  /** A line for each with its dates, and what is left of it or it waits for on the next one. */
  public List<String> lines(List<PromotionList.Entry> entries) {
    Columns table = new Columns(false);
    table.row(List.of("PROMOTION", "STATE", "STEP", "STARTED", "ENDED", "BY"));
    for (PromotionList.Entry entry : entries) {
      table.row(
          List.of(
              entry.id(),
              entry.state(),
              entry.step() == null ? NONE : entry.step(),
              moment(entry.started()),
              moment(entry.ended()),
              entry.startedBy() == null ? "unknown" : entry.startedBy()));
    }
    List<String> rows = table.lines("");
    List<String> lines = new ArrayList<>();
    lines.add(rows.getFirst());
    for (int i = 0; i < entries.size(); i++) {
      PromotionList.Entry entry = entries.get(i);
      lines.add(rows.get(i + 1));
      TrafficShare traffic = entry.traffic();
      if (traffic != null) {
        lines.add("  " + new TerminalPage(clock).line(traffic.line()));
      }
      if (entry.waitsFor() != null) {
        lines.add("  " + entry.waitsFor());
      }
      if (entry.unfinished() != null) {
        lines.add("  ! unfinished: " + entry.unfinished());
      }
    }
    lines.add("times: " + clock.getZone().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
    return lines;
  }

  /**
   * Where the Web UI shows those of them that wait for a person, which its own list does not tell
   * apart: nothing for a state that none is in.
   *
   * @param model the model that the list is of, null for all
   */
  public static List<String> pages(
      WebUi ui, @Nullable String model, List<PromotionList.Entry> entries) {
    return Stream.of(PromotionState.WAITING, PromotionState.STOPPED)
        .filter(state -> entries.stream().anyMatch(entry -> entry.state().equals(state.name())))
        .flatMap(state ->
            ui
                .list(PromotionList.query(model, state))
                .map(page -> state.name().toLowerCase(Locale.ROOT) + " in the Web UI: " + page)
                .stream())
        .toList();
  }

  private String moment(@Nullable Instant moment) {
    return moment == null ? NONE : Moments.dated(moment, clock);
  }
}
