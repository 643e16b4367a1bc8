package dev.portage.page;

import dev.portage.approval.Decision;
import dev.portage.approval.Needed;
import dev.portage.approval.Request;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateResult;
import dev.portage.plan.Action;
import dev.portage.plan.Plan;
import dev.portage.promotion.PromotionView;
import dev.portage.promotion.StepView;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import dev.portage.watch.Events;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A promotion, or parts of it, as lines for a terminal. */
public final class TextPage {

  private final Clock clock;

  /** Tells moments by a clock's zone. */
  public TextPage(Clock clock) {
    this.clock = clock;
  }

  /** Its state: head, steps, what it waits for or why it stopped. */
  public List<String> status(PromotionView view) {
    List<String> lines = new ArrayList<>(head(view));
    if (!view.steps().isEmpty()) {
      lines.add("");
      for (StepView step : view.steps()) {
        lines.add("  " + Events.line(step));
      }
    }
    lines.addAll(matters(view));
    return lines;
  }

  /** Everything: the status, and what was decided and made. */
  public List<String> report(PromotionView view) {
    List<String> lines = new ArrayList<>(status(view));
    Optional<Request> open = Requests.open(view);
    for (Request request : view.requests()) {
      if (!Optional.of(request).equals(open)) {
        lines.add("");
        lines.add("  request " + request.name() + ", digest " + digest(request));
        lines.addAll(evidence(request.evidence()));
        lines.addAll(plan(request.plan()));
      }
    }
    section(lines, "decisions", view.decisions().stream().map(this::line).toList());
    section(
        lines,
        "versions",
        view.versions().stream()
            .map(version -> version.workspace() + ": " + version.model() + " " + version.version())
            .toList());
    section(lines, "made live", view.releases().stream().map(TextPage::line).toList());
    return lines;
  }

  /** What needs attention: the open request, the problem, messages that did not count. */
  public List<String> matters(PromotionView view) {
    List<String> lines = new ArrayList<>();
    Requests.open(view).ifPresent(request -> lines.addAll(request(view, request)));
    if (view.problem() != null) {
      lines.add("");
      TerminalText.lines(view.problem().message()).forEach(line -> lines.add("  " + line));
      if (view.next() != null) {
        lines.add("  to continue: " + view.next());
      }
    }
    lines.addAll(unfinished(view));
    section(
        lines,
        "refused messages",
        view.refused().stream()
            .map(refusal -> refusal.message() + ": " + refusal.reason())
            .toList());
    section(lines, "notices", view.notices());
    return lines;
  }

  /** What is not done, though the model is live, and how to finish it. */
  public List<String> unfinished(PromotionView view) {
    List<String> lines = new ArrayList<>();
    section(
        lines,
        "unfinished, though the model is live",
        view.left().stream().map(Unfinished::text).toList());
    if (!lines.isEmpty() && view.state().ended()) {
      lines.add("    finish it with: portage resume " + view.id());
    }
    return lines;
  }

  /** The open request: evidence, plan, who is missing, the line to paste. */
  public List<String> request(PromotionView view, Request request) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "  request %s: %s to %s, digest %s, expires %s"
            .formatted(
                request.name(),
                view.model(),
                request.target(),
                digest(request),
                Moments.text(request.expires(), clock)));
    lines.addAll(evidence(request.evidence()));
    lines.addAll(plan(request.plan()));
    lines.add("");
    lines.add(
        "    needed: "
            + Needed.text(Requests.missing(view, request))
            + "; can't approve: "
            + Requests.barred(view));
    view.notKnown().forEach(gap -> lines.add("    ! " + gap));
    lines.add("    approve: " + Requests.command("approve", view, request));
    lines.add("    reject:  " + Requests.command("reject", view, request) + " --comment WHY");
    return lines;
  }

  /** What the gates said, a line each. */
  public List<String> evidence(Evidence evidence) {
    Table table = new Table();
    for (GateResult result : evidence.results()) {
      table.row(
          mark(result),
          result.gate(),
          result.measured(),
          "required: " + result.required(),
          result.outcome().name().toLowerCase(Locale.ROOT));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "    evidence: "
            + evidence.outcome().name().toLowerCase(Locale.ROOT)
            + (evidence.championVersion() == null
                ? ", no champion yet"
                : ", champion: version " + evidence.championVersion()));
    lines.addAll(table.lines("      "));
    return lines;
  }

  /** What will change, now → then. */
  public List<String> plan(Plan plan) {
    Table table = new Table();
    for (Action action : plan.actions()) {
      table.row(action.what(), action.shownNow() + " → " + action.shownThen());
    }
    List<String> lines = new ArrayList<>();
    lines.add("    plan for " + plan.target() + ", now → then:");
    lines.addAll(table.lines("      "));
    return lines;
  }

  private List<String> head(PromotionView view) {
    List<String> lines = new ArrayList<>();
    lines.add(view.id() + "  " + view.state());
    lines.add("  " + TerminalText.cell(view.says()));
    StringBuilder who = new StringBuilder("  started by " + view.startedBy());
    who.append(", ").append(Moments.text(view.started(), clock));
    if (view.ended() != null) {
      who.append("; ended ").append(Moments.text(view.ended(), clock));
    }
    if (view.commit() != null) {
      who.append("; commit ").append(view.commit(), 0, Math.min(12, view.commit().length()));
      if (view.committer() != null) {
        who.append(" by ").append(view.committer());
      }
    }
    lines.add(who.toString());
    if (!view.path().isEmpty()) {
      lines.add("  path " + String.join(" → ", view.path()));
    }
    if (view.candidate() != null) {
      lines.add(
          "  candidate version %s of %s, digest %s, %d files"
              .formatted(
                  view.candidate().originVersion(),
                  view.candidate().originModel(),
                  view.candidate().manifest().shortDigest(),
                  view.candidate().manifest().files()));
    }
    return lines;
  }

  private static void section(List<String> lines, String title, List<String> entries) {
    if (!entries.isEmpty()) {
      lines.add("");
      lines.add("  " + title);
      entries.forEach(entry -> lines.add("    " + TerminalText.cell(entry)));
    }
  }

  private String line(Decision decision) {
    return "%s %s by %s%s, %s%s"
        .formatted(
            decision.request(),
            decision.verdict().name().toLowerCase(Locale.ROOT),
            decision.by(),
            decision.group() == null ? "" : " for " + decision.group(),
            Moments.text(decision.at(), clock),
            decision.comment() == null ? "" : ": " + decision.comment());
  }

  private static String line(Release release) {
    return "%s: version %s of %s, previously %s"
        .formatted(
            release.workspace(),
            release.version(),
            release.model(),
            release.previousVersion() == null ? "nothing" : "version " + release.previousVersion());
  }

  private static String digest(Request request) {
    return request.digest().substring(0, Math.min(12, request.digest().length()));
  }

  private static String mark(GateResult result) {
    return switch (result.outcome()) {
      case PASS -> "✓";
      case FAIL -> "✗";
      case INCONCLUSIVE -> "?";
    };
  }
}
