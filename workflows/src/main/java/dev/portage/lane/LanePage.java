package dev.portage.lane;

import dev.portage.text.Block;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.DetailsPage;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What Temporal's Web UI shows of a lane: who holds the turn, and who waits for it. */
final class LanePage {

  private LanePage() {}

  /**
   * A page of Markdown, at most {@link dev.portage.text.Bounded#PAGE} bytes.
   *
   * @param lane its id
   */
  static String of(String lane, LaneState state) {
    List<Section> sections = new ArrayList<>();
    if (!state.waiting().isEmpty()) {
      sections.add(
          Section.of(
              "Next",
              new Items(
                  state.waiting().stream().map(LanePage::holder).toList(), true, Keep.ESSENTIAL)));
    }
    List<TurnRefused> refused = Objects.requireNonNullElse(state.refused(), List.of());
    if (!refused.isEmpty()) {
      sections.add(
          Section.of(
              "Could not be granted",
              Items.of(
                  refused.reversed().stream()
                      .map(one ->
                          holder(one.request()).andWords(": ").andText(one.problem().cameBack()))
                      .toList(),
                  Keep.ESSENTIAL)));
    }
    return DetailsPage.of(new Page(Line.text(lane), turn(state), sections));
  }

  private static List<Block> turn(LaneState state) {
    TurnRequest holder = state.holder();
    Settling settling = state.settling();
    if (settling != null) {
      return List.of(
          new Paragraph(
              Line.words("Nobody holds the turn: ")
                  .and(new Span.Code(settling.ended().holder()))
                  .andWords(
                      " ended without giving it back. The next grant is at "
                          + settling.until().truncatedTo(ChronoUnit.SECONDS)
                          + ", when nothing it began to write can arrive any more.")));
    }
    if (holder == null) {
      return List.of(new Paragraph(Line.words("Nobody holds the turn.")));
    }
    List<Block> blocks = new ArrayList<>(List.of(held(state, holder)));
    if (state.preemptedBy() != null) {
      blocks.add(
          new Paragraph(
              Line.empty()
                  .and(new Span.Code(state.preemptedBy()))
                  .andWords(
                      " is next: the holder was told to undo its changes and give the turn back."
                          + " Past its point of no return, it finishes first.")));
    }
    return blocks;
  }

  private static Block held(LaneState state, TurnRequest holder) {
    return new Paragraph(
        Line.words(state.number() == null ? "The turn" : "Turn " + state.number())
            .andWords(" is held by ")
            .and(new Span.Code(holder.holder()))
            .andWords(
                state.since() == null
                    ? ""
                    : " since " + state.since().truncatedTo(ChronoUnit.SECONDS))
            .andWords("."));
  }

  private static Line holder(TurnRequest request) {
    return Line.empty().and(new Span.Code(request.holder()));
  }
}
