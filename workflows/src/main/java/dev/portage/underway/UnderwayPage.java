package dev.portage.underway;

import dev.portage.text.Block;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Line;
import dev.portage.text.Span;
import java.util.List;

/** What Temporal's Web UI shows of promotions that are under way. */
final class UnderwayPage {

  private UnderwayPage() {}

  static List<Block> of(List<Contender> contenders) {
    if (contenders.isEmpty()) {
      return List.of(new Paragraph(Line.words("No promotion is under way.")));
    }
    return List.of(
        new Paragraph(Line.words("Under way, in the order in which they came:")),
        new Items(
            contenders.stream()
                .map(one ->
                    Line.empty()
                        .and(new Span.Code(one.promotion()))
                        .andWords(": ")
                        .andText(one.candidate()))
                .toList(),
            true,
            Keep.ESSENTIAL));
  }
}
