package dev.portage.step;

import dev.portage.approval.Decision;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.Escalation;
import dev.portage.approval.Needed;
import dev.portage.approval.Request;
import dev.portage.text.Block;
import dev.portage.text.Block.Command;
import dev.portage.text.Block.Commands;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import dev.portage.text.Line;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Requests for approval and decisions as parts of a page: of a promotion, of a rollback. */
public final class RequestPage {

  private RequestPage() {}

  /**
   * Who can approve an open request, until when, and how.
   *
   * @param title what the request is about
   * @param workflow id of the workflow that waits for it
   * @param decisions those made so far
   * @param barred people who can't approve it
   * @param notKnown why not everybody involved is known, a line each; mostly empty
   * @param byUpdate whether the page says how to decide in the Web UI
   */
  public static Section who(
      Line title,
      String workflow,
      Request request,
      List<Decision> decisions,
      List<String> barred,
      List<String> notKnown,
      boolean byUpdate) {
    List<Block> who = new ArrayList<>();
    who.add(
        new Paragraph(
            Line.words("Needed by ")
                .and(new Span.Moment(request.expires()))
                .andWords(": ")
                .andText(Needed.text(missing(request, decisions)))
                .andWords(". Can't approve: ")
                .and(new Span.Names(barred))
                .andWords(".")));
    if (!notKnown.isEmpty()) {
      who.add(
          new Paragraph(
              Line.words(
                  "Portage doesn't know everyone involved, and nobody may approve their own work:")));
      who.add(Items.of(notKnown.stream().map(Line::text).toList(), Keep.ESSENTIAL));
    }
    Escalation escalation = request.escalation();
    if (escalation != null) {
      who.add(
          new Paragraph(
              Line.words("From ")
                  .and(new Span.Moment(escalation.from()))
                  .andWords(" on, in place of any of these: ")
                  .andText(Needed.anyOf(escalation.groups()))
                  .andWords(".")));
    }
    String which = workflow + " --request " + request.name();
    who.add(
        new Commands(
            List.of(
                new Command("approve", "portage approve " + which),
                new Command("reject", "portage reject " + which + " --comment WHY"))));
    if (byUpdate) {
      String fields = "\"request\":\"" + request.name() + "\",";
      who.add(StepPage.update("approve", fields, ""));
      who.add(StepPage.update("reject", fields, ",\"comment\":\"WHY\""));
      who.add(StepPage.signals());
    }
    return new Section(title, who);
  }

  /** Groups whose approval is still missing. */
  private static List<String> missing(Request request, List<Decision> decisions) {
    List<String> missing = new ArrayList<>(request.groups());
    for (Decision decision : decisions) {
      if (decision.request().equals(request.name()) && decision.verdict() == Verdict.APPROVE) {
        missing.remove(decision.group());
      }
    }
    return missing;
  }

  /** The decisions so far; nothing without any. */
  public static List<Section> decisions(List<Decision> decisions) {
    return decisions.isEmpty()
        ? List.of()
        : List.of(
            Section.of(
                "Decisions",
                new Table(
                    List.of("request", "decision", "by", "group", "when", "comment"),
                    decisions.stream().map(RequestPage::row).toList(),
                    Keep.FIRST)));
  }

  private static List<Line> row(Decision decision) {
    return Stream.of(
            Line.text(decision.request()),
            Line.words(decision.verdict().name().toLowerCase(Locale.ROOT)),
            Line.text(decision.by()),
            decision.group() == null ? Line.empty() : Line.text(decision.group()),
            Line.empty().and(new Span.Moment(decision.at())),
            decision.comment() == null ? Line.empty() : Line.text(decision.comment()))
        .toList();
  }
}
