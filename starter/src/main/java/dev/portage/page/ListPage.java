package dev.portage.page;

import dev.portage.watch.PromotionList;
import java.time.Clock;
import java.time.Instant;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    Columns table = new Columns();
    table.row(List.of("PROMOTION", "STATE", "STEP", "STARTED", "ENDED", "BY"));
    for (PromotionList.Entry entry : entries) {
      table.row(
          List.of(
              entry.id(),
              entry.state().name(),
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

  private String moment(@Nullable Instant moment) {
    return moment == null ? NONE : Moments.dated(moment, clock);
  }
}
