package dev.portage.order;

import dev.portage.failure.Problem;
import dev.portage.text.Block;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What became of an order, as a page for the Web UI and for a terminal. */
public final class OrderText {

  private OrderText() {}

  /** A line for each workspace. */
  public static Page page(OrderView view) {
    WorkspaceOrder order = view.order();
    List<Block> head = new ArrayList<>();
    head.add(
        new Paragraph(
            Line.words("ordered by ").andText(order.by()).andWords(": ").andText(order.reason())));
    Problem problem = view.problem();
    if (problem != null) {
      head.add(new Paragraph(Line.words("not done: ").andText(problem.cameBack())));
      head.add(new Block.Advice(problem.remedy()));
    }
    List<Line> lines = new ArrayList<>();
    for (OrderAnswer answer : view.workspaces()) {
      lines.add(
          answer.problem() == null
              ? Line.text(answer.text())
              : Line.text(answer.workspace()).andWords(": not done: ").andText(answer.text()));
      answer.notes().forEach(note -> lines.add(Line.text(note)));
    }
    if (!lines.isEmpty()) {
      head.add(Items.of(lines, Keep.ESSENTIAL));
    }
    return new Page(title(order), head, List.of());
  }

  private static Line title(WorkspaceOrder order) {
    Instant until = order.until();
    Line title = Line.text(order.words() + where(order));
    return until == null ? title : title.andWords(" until ").and(new Span.Moment(until));
  }

  /** What an order for every workspace means to one candidate. */
  private static String where(WorkspaceOrder order) {
    if (order.kind() != OrderKind.LIFT) {
      return "";
    }
    return order.workspace() == null
        ? ", in every workspace that refuses it"
        : " in " + order.workspace();
  }
}
