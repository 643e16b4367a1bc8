package dev.portage.lane;

import dev.portage.text.Bounded;
import dev.portage.text.Markdown;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/** What Temporal's Web UI shows of a lane: who holds the turn, and who waits for it. */
final class LanePage {

  private static final int WAITING = 10;
  private static final int REFUSED = 5;

  /** Bytes of one text. */
  private static final int TEXT = 200;

  private LanePage() {}

  /**
   * A page of Markdown, at most {@link Bounded#PAGE} bytes.
   *
   * @param lane its id
   */
  static String of(String lane, LaneState state) {
    StringBuilder page = new StringBuilder();
    page.append("## ").append(words(lane)).append("\n\n").append(holder(state)).append("\n\n");
    List<TurnRequest> waiting = state.waiting();
    if (!waiting.isEmpty()) {
      page.append("### Next\n\n");
      waiting.stream()
          .limit(WAITING)
          .forEach(next -> page.append("1. ").append(code(next.holder())).append('\n'));
      if (waiting.size() > WAITING) {
        page.append("\nand ").append(waiting.size() - WAITING).append(" more\n");
      }
      page.append('\n');
    }
    List<TurnRefused> refused = Objects.requireNonNullElse(state.refused(), List.of());
    if (!refused.isEmpty()) {
      page.append("### Could not be granted\n\n");
      refused.reversed().stream()
          .limit(REFUSED)
          .forEach(one ->
              page.append("- ")
                  .append(code(one.request().holder()))
                  .append(": ")
                  .append(words(one.problem().cameBack()))
                  .append('\n'));
    }
    return page.toString();
  }

  private static String holder(LaneState state) {
    TurnRequest holder = state.holder();
    if (holder == null) {
      return "Nobody holds the turn.";
    }
    return (state.number() == null ? "The turn" : "Turn " + state.number())
        + " is held by "
        + code(holder.holder())
        + (state.since() == null ? "" : " since " + state.since().truncatedTo(ChronoUnit.SECONDS))
        + ".";
  }

  private static String words(String text) {
    return Markdown.line(Bounded.line(text, TEXT));
  }

  private static String code(String text) {
    return Markdown.code(Bounded.line(text, TEXT));
  }
}
