package dev.portage.adopt;

import dev.portage.step.CoursePage;
import dev.portage.text.Block;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Table;
import dev.portage.text.Line;
import dev.portage.text.Page;
import java.util.ArrayList;
import java.util.List;

/** An adoption as a page: in Temporal's Web UI and in a terminal. */
public final class AdoptPage {

  private AdoptPage() {}

  /** What the Web UI shows. */
  static Page details(AdoptView view) {
    return CoursePage.details(title(view), facts(view), view.course());
  }

  /** Its state, for a terminal. */
  public static Page status(AdoptView view) {
    return CoursePage.status(title(view), facts(view), view.course());
  }

  /** All of it. */
  public static Page report(AdoptView view) {
    return CoursePage.status(title(view), facts(view), view.course());
  }

  private static Line title(AdoptView view) {
    return Line.words("Adopt ")
        .andText(view.start().model())
        .andWords(" in ")
        .andText(view.start().workspace());
  }

  private static List<Block> facts(AdoptView view) {
    AdoptPlan plan = view.plan();
    return plan == null ? List.of() : plan(plan);
  }

  /** What is recorded, 'now → then'. */
  public static List<Block> plan(AdoptPlan plan) {
    List<Block> blocks = new ArrayList<>();
    if (!plan.actions().isEmpty()) {
      blocks.add(
          new Table(
              List.of("what", "now", "then"),
              plan.actions().stream()
                  .map(action ->
                      List.of(
                          Line.text(action.what()),
                          Line.text(action.now()),
                          Line.text(action.then())))
                  .toList(),
              Keep.ESSENTIAL));
    }
    if (!plan.remarks().isEmpty()) {
      blocks.add(Items.of(plan.remarks().stream().map(Line::text).toList(), Keep.ESSENTIAL));
    }
    return blocks;
  }
}
