package dev.portage.promotion;

import dev.portage.approval.Request;
import dev.portage.gate.GateResult;
import dev.portage.plan.Action;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A promotion as a page: what the Temporal Web UI shows as its current details. Markdown, at most
 * 20 KB.
 */
final class CurrentDetails {

  private CurrentDetails() {}

  static String of(PromotionView view) {
    StringBuilder page = new StringBuilder();
    page.append("## ").append(view.model()).append(": ").append(view.state()).append("\n\n");
    page.append(line(view.says())).append("\n\n");
    request(page, view);
    stop(page, view);
    unfinished(page, view);
    steps(page, view);
    refused(page, view);
    notices(page, view);
    return page.toString();
  }

  private static void request(StringBuilder page, PromotionView view) {
    view.requests().stream()
        .filter(request -> request.name().equals(view.request()))
        .findFirst()
        .ifPresent(request -> request(page, view, request));
  }

  private static void request(StringBuilder page, PromotionView view, Request request) {
    page.append("### Who may act\n\nOne person each of ")
        .append(String.join(", ", request.groups()))
        .append("; not ")
        .append(view.startedBy())
        .append(view.committer() == null ? "" : " and not " + view.committer())
        .append(", until ")
        .append(request.expires().truncatedTo(ChronoUnit.MINUTES))
        .append(".\n\n");
    commands(page, "approve", view.id(), request.name());
    page.append("### Evidence (digest `")
        .append(request.digest(), 0, 12)
        .append("`)\n\n| gate | answer | measured | wanted |\n|---|---|---|---|\n");
    for (GateResult result : request.evidence().results()) {
      row(
          page,
          List.of(result.gate(), result.outcome().name(), result.measured(), result.wanted()));
    }
    page.append("\n### Plan\n\n| what | now | then |\n|---|---|---|\n");
    for (Action action : request.plan().actions()) {
      row(page, List.of(action.what(), action.now(), action.then()));
    }
    page.append('\n');
  }

  private static void stop(StringBuilder page, PromotionView view) {
    if (view.state() == PromotionState.STOPPED && view.problem() != null) {
      page.append("### Why\n\n```\n").append(view.problem().message()).append("\n```\n\n");
      commands(page, "resume", view.id(), "");
    }
  }

  private static void unfinished(StringBuilder page, PromotionView view) {
    if (view.left().isEmpty()) {
      return;
    }
    page.append("### Unfinished, while the model is live\n\n");
    view.left().forEach(left -> page.append("- ").append(line(left.text())).append('\n'));
    page.append('\n');
    if (view.state().ended()) {
      page.append("```\nportage resume ").append(view.id()).append("\n```\n\n");
    }
  }

  /** The line to paste: into a shell, or as the payload of a signal in the Web UI. */
  private static void commands(StringBuilder page, String verb, String id, String request) {
    page.append("```\nportage ").append(verb).append(' ').append(id);
    if (!request.isEmpty()) {
      page.append(" --request ").append(request);
    }
    page.append("\n```\n\nor signal `").append(verb).append("` with `{");
    if (!request.isEmpty()) {
      page.append("\"request\":\"").append(request).append("\",");
    }
    page.append("\"by\":\"YOU\"}`\n\n");
  }

  private static void steps(StringBuilder page, PromotionView view) {
    page.append("### Steps\n\n| | step | what it made | took |\n|---|---|---|---|\n");
    for (StepView step : view.steps()) {
      String made = step.made() == null ? "" : step.made();
      row(
          page,
          List.of(
              mark(step.state()),
              step.name() + (step.attempt() > 1 ? " (attempt " + step.attempt() + ")" : ""),
              step.page() == null ? made : "[" + made + "](" + step.page() + ")",
              took(step)));
    }
    page.append('\n');
  }

  private static void refused(StringBuilder page, PromotionView view) {
    if (!view.refused().isEmpty()) {
      page.append("### Messages that did not count\n\n");
      view.refused()
          .forEach(refusal ->
              page.append("- ")
                  .append(line(refusal.message()))
                  .append(": ")
                  .append(line(refusal.reason()))
                  .append('\n'));
      page.append('\n');
    }
  }

  private static void notices(StringBuilder page, PromotionView view) {
    if (!view.notices().isEmpty()) {
      page.append("### Notices\n\n");
      view.notices().forEach(notice -> page.append("- ").append(line(notice)).append('\n'));
    }
  }

  private static String mark(StepView.State state) {
    return switch (state) {
      case PENDING -> "·";
      case RUNNING -> "▶";
      case DONE -> "✓";
      case FAILED -> "✗";
      case SKIPPED -> "–";
    };
  }

  private static String took(StepView step) {
    return step.started() == null || step.ended() == null
        ? ""
        : Duration.between(step.started(), step.ended()).toSeconds() + " s";
  }

  private static void row(StringBuilder page, List<String> cells) {
    page.append("| ");
    page.append(
        String.join(" | ", cells.stream().map(cell -> line(cell).replace("|", "\\|")).toList()));
    page.append(" |\n");
  }

  private static String line(String text) {
    // An unescaped <new version> would be taken for a tag and not shown.
    return text.replaceAll("\\s+", " ").replace("<", "\\<").strip();
  }
}
