package dev.portage.page;

import dev.portage.approval.Decision;
import dev.portage.approval.Needed;
import dev.portage.approval.Request;
import dev.portage.gate.GateResult;
import dev.portage.plan.Action;
import dev.portage.promotion.PromotionView;
import dev.portage.promotion.StepView;
import dev.portage.release.Release;
import dev.portage.settings.EffectiveValue;
import dev.portage.text.Markdown;
import dev.portage.watch.Durations;
import dev.portage.watch.Events;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The report of a promotion as Markdown, for a pipeline's page or a merge request. */
public final class MarkdownPage {

  private final Clock clock;

  /** Tells moments by a clock's zone. */
  public MarkdownPage(Clock clock) {
    this.clock = clock;
  }

  private static String notKnown(PromotionView view) {
    StringBuilder list = new StringBuilder();
    view.notKnown().forEach(gap -> list.append("- ").append(Markdown.line(gap)).append('\n'));
    return list.isEmpty() ? "" : list.append('\n').toString();
  }

  /** The whole report. */
  public String report(PromotionView view) {
    StringBuilder page = new StringBuilder();
    page.append("# ")
        .append(Markdown.line(view.model()))
        .append(": ")
        .append(view.state().name().toLowerCase(Locale.ROOT))
        .append("\n\n")
        .append(Markdown.line(view.says()))
        .append("\n\n");
    facts(page, view);
    Requests.open(view)
        .ifPresent(request ->
            page.append("## Needs approval: ")
                .append(Markdown.line(Needed.text(Requests.missing(view, request))))
                .append("\n\nCan't approve: ")
                .append(Markdown.line(Requests.barred(view)))
                .append(".\n\n")
                .append(notKnown(view))
                .append(
                    Markdown.fenced(
                        Requests.command("approve", view, request)
                            + "\n"
                            + Requests.command("reject", view, request)
                            + " --comment WHY",
                        ""))
                .append('\n'));
    problem(page, view);
    unfinished(page, view);
    steps(page, view);
    view.requests().forEach(request -> request(page, request));
    decisions(page, view);
    releases(page, view);
    settings(page, view);
    leftOut(page, view);
    return page.toString();
  }

  /** What Temporal could not have held in addition. */
  private static void leftOut(StringBuilder page, PromotionView view) {
    if (view.leftOut() != null) {
      page.append("\nLeft out to stay within Temporal's size limit: ")
          .append(
              Markdown.line(
                  new TreeMap<>(view.leftOut())
                      .entrySet().stream()
                          .map(left -> left.getValue() + " of " + left.getKey())
                          .collect(Collectors.joining(", "))))
          .append(".\n");
    }
  }

  private void facts(StringBuilder page, PromotionView view) {
    Table table = new Table().row("", "");
    table.row("promotion", view.id());
    if (view.commit() != null) {
      table.row("commit", view.commit());
    }
    if (view.committer() != null) {
      table.row("committed by", view.committer());
    }
    table.row("started by", view.startedBy() + ", " + Moments.text(view.started(), clock));
    if (view.ended() != null) {
      table.row("ended", Moments.text(view.ended(), clock));
    }
    if (!view.path().isEmpty()) {
      table.row("path", String.join(" → ", view.path()));
    }
    if (view.candidate() != null) {
      table.row("digest", view.candidate().manifest().digest());
    }
    page.append(table.markdown()).append('\n');
  }

  private static void problem(StringBuilder page, PromotionView view) {
    if (view.problem() != null) {
      page.append("## Why it stopped\n\n");
      page.append(Markdown.fenced(view.problem().message(), ""));
      if (view.next() != null) {
        page.append("\nTo continue:\n\n").append(Markdown.fenced(view.next(), ""));
      }
      page.append('\n');
    }
  }

  private static void unfinished(StringBuilder page, PromotionView view) {
    if (view.left().isEmpty()) {
      return;
    }
    page.append("## Unfinished, though the model is live\n\n");
    view.left().forEach(left -> page.append("- ").append(Markdown.line(left.text())).append('\n'));
    page.append('\n');
    if (view.state().ended()) {
      page.append("Finish it with:\n\n")
          .append(Markdown.fenced("portage resume " + view.id(), ""))
          .append('\n');
    }
  }

  private static void steps(StringBuilder page, PromotionView view) {
    if (view.steps().isEmpty()) {
      return;
    }
    page.append("## Steps\n\n| | step | result | duration |\n|---|---|---|---|\n");
    for (StepView step : view.steps()) {
      String took =
          step.started() == null || step.ended() == null
              ? ""
              : Durations.text(Duration.between(step.started(), step.ended()));
      String attempt = step.attempt() > 1 ? " (attempt " + step.attempt() + ")" : "";
      page.append("| ")
          .append(Events.mark(step.state()))
          .append(" | ")
          .append(Markdown.cell(step.name() + attempt))
          .append(" | ")
          .append(Markdown.link(step.result() == null ? "" : step.result(), step.page()))
          .append(" | ")
          .append(Markdown.cell(took))
          .append(" |\n");
    }
    page.append('\n');
  }

  private void request(StringBuilder page, Request request) {
    page.append("## Request ").append(Markdown.line(request.name())).append("\n\n");
    Table evidence = new Table().row("gate", "outcome", "measured", "required");
    for (GateResult result : request.evidence().results()) {
      evidence.row(
          result.gate(),
          result.outcome().name().toLowerCase(Locale.ROOT),
          result.measured(),
          result.required());
    }
    page.append(evidence.markdown()).append('\n');
    Table plan = new Table().row("what", "now", "then");
    for (Action action : request.plan().actions()) {
      plan.row(action.what(), action.shownNow(), action.shownThen());
    }
    page.append(plan.markdown()).append('\n');
  }

  private void decisions(StringBuilder page, PromotionView view) {
    if (view.decisions().isEmpty()) {
      return;
    }
    Table table = new Table().row("request", "decision", "by", "group", "when", "comment");
    for (Decision decision : view.decisions()) {
      table.row(
          decision.request(),
          decision.verdict().name().toLowerCase(Locale.ROOT),
          decision.by(),
          decision.group() == null ? "" : decision.group(),
          Moments.text(decision.at(), clock),
          decision.comment() == null ? "" : decision.comment());
    }
    page.append("## Decisions\n\n").append(table.markdown()).append('\n');
  }

  private static void releases(StringBuilder page, PromotionView view) {
    if (view.releases().isEmpty()) {
      return;
    }
    Table table = new Table().row("workspace", "model", "live", "previously");
    for (Release release : view.releases()) {
      table.row(
          release.workspace(),
          release.model(),
          "version " + release.version(),
          release.previousVersion() == null ? "nothing" : "version " + release.previousVersion());
    }
    page.append("## Live\n\n").append(table.markdown()).append('\n');
  }

  private static void settings(StringBuilder page, PromotionView view) {
    if (view.settings().isEmpty()) {
      return;
    }
    Table table = new Table().row("setting", "value", "from");
    for (EffectiveValue value : view.settings()) {
      table.row(value.name(), value.value(), value.origin());
    }
    page.append("## Effective settings\n\n").append(table.markdown());
  }
}
