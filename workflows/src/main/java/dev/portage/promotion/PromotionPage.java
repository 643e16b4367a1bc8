package dev.portage.promotion;

import dev.portage.approval.Decision;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.Escalation;
import dev.portage.approval.Needed;
import dev.portage.approval.Request;
import dev.portage.candidate.Candidate;
import dev.portage.failure.Problem;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.plan.Plan;
import dev.portage.release.Unfinished;
import dev.portage.step.StepPage;
import dev.portage.text.Block;
import dev.portage.text.Block.Advice;
import dev.portage.text.Block.Code;
import dev.portage.text.Block.Command;
import dev.portage.text.Block.Commands;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import dev.portage.text.Bounded;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A promotion as a page: what the Temporal Web UI, a terminal and a report show is made of the same
 * sections.
 */
public final class PromotionPage {

  private final PromotionView view;

  private PromotionPage(PromotionView view) {
    this.view = view;
  }

  /** What the Web UI shows: its state, who may act and how, what was done. */
  public static Page details(PromotionView view) {
    PromotionPage page = new PromotionPage(view);
    List<Section> sections = new ArrayList<>();
    page.open().ifPresent(request -> sections.addAll(page.request(request, true)));
    sections.addAll(page.problem(true));
    sections.addAll(page.rejectedOn());
    sections.addAll(page.unfinished());
    sections.addAll(page.undelivered());
    sections.addAll(StepPage.steps(view.steps(), view.problem()));
    sections.addAll(page.messages());
    return new Page(page.title(), page.says(), sections);
  }

  /** Its state, for a terminal: its steps, and what it waits for or why it stopped. */
  public static Page status(PromotionView view) {
    PromotionPage page = new PromotionPage(view);
    return new Page(
        Line.text(view.id()).andWords("  " + view.state()),
        Stream.concat(page.says().stream(), Stream.of(page.facts())).toList(),
        page.current());
  }

  /** All of it. */
  public static Page report(PromotionView view) {
    PromotionPage page = new PromotionPage(view);
    List<Section> sections = new ArrayList<>(page.current());
    Optional<Request> open = page.open();
    Optional<Request> shown = open.or(page::rejectedRequest);
    view.requests().stream()
        .filter(request -> !Optional.of(request).equals(shown))
        .forEach(request -> sections.addAll(page.closed(request)));
    sections.addAll(page.decisions());
    sections.addAll(page.versions());
    sections.addAll(page.releases());
    sections.addAll(page.settings());
    sections.addAll(page.leftOut());
    return new Page(
        page.title(),
        Stream.concat(page.says().stream(), Stream.of(page.facts())).toList(),
        sections);
  }

  /** An open request: who can approve it and how, the evidence, the plan. */
  public static List<Section> request(PromotionView view, Request request) {
    return new PromotionPage(view).request(request, false);
  }

  /** What is not done, though the model is live, and how to finish it; nothing if all is done. */
  public static List<Section> unfinished(PromotionView view) {
    return new PromotionPage(view).unfinished();
  }

  /** What a hop will change, and which settings of its scoring job change with it. */
  public static Section plan(Plan plan) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Table(
            List.of("what", "now → then"),
            plan.actions().stream()
                .map(action ->
                    changed(
                        Line.text(action.what()),
                        action.shownNow(plan.versions()),
                        action.shownThen(plan.versions())))
                .toList(),
            Keep.FIRST));
    JobSettingsTable.of(plan.jobSettings()).ifPresent(blocks::add);
    return new Section(Line.words("Plan for " + plan.target()), blocks);
  }

  private static List<Line> changed(Line what, String now, String then) {
    return List.of(what, Line.text(now).andWords(" → ").andText(then));
  }

  private List<Section> current() {
    List<Section> sections = new ArrayList<>(StepPage.steps(view.steps(), view.problem()));
    open().ifPresent(request -> sections.addAll(request(request, false)));
    sections.addAll(problem(false));
    sections.addAll(rejectedOn());
    sections.addAll(unfinished());
    sections.addAll(undelivered());
    sections.addAll(messages());
    return sections;
  }

  private Line title() {
    return Line.text(view.model()).andWords(": " + view.state());
  }

  /** What it does; of a failure only where it stopped, since a section of its own says the rest. */
  private List<Block> says() {
    Problem problem = view.problem();
    String says = view.says();
    if (problem != null) {
      String failure = Bounded.line(problem.cameBack(), Bounded.COMMENT);
      if (view.state() == PromotionState.STOPPED) {
        // Names of steps have no colon.
        says = says.split(": ", 2)[0];
      } else if (failure.startsWith(says) || says.equals(failure)) {
        return List.of();
      }
    }
    return List.of(new Paragraph(says(view.saying(says))));
  }

  /** What a promotion says of itself; each reader sees its moment in their own zone. */
  public static Line says(PromotionView view) {
    String says = view.says();
    for (Request request : view.requests()) {
      String written = request.expires().truncatedTo(ChronoUnit.MINUTES).toString();
      int at = request.name().equals(view.request()) ? says.indexOf(written) : -1;
      if (at >= 0) {
        return Line.text(says.substring(0, at).stripTrailing())
            .andWords(" ")
            .and(new Span.Moment(request.expires()))
            .andText(says.substring(at + written.length()));
      }
    }
    return view.movesTraffic()
        .filter(step -> says.equals(step.name() + ": " + step.line()))
        .flatMap(step -> Optional.ofNullable(step.progress()))
        .map(reached -> Line.text(says.substring(0, says.indexOf(": ") + 2)).and(reached.line()))
        .orElse(Line.text(says));
  }

  private Optional<Request> open() {
    return view.requests().stream()
        .filter(request -> request.name().equals(view.request()))
        .findFirst();
  }

  private Block facts() {
    List<List<Line>> facts = new ArrayList<>();
    fact(facts, "promotion", Line.text(view.id()));
    fact(facts, "commit", optional(view.commit()));
    fact(facts, "committed by", optional(view.committer()));
    fact(
        facts,
        "started by",
        Line.text(view.startedBy()).andWords(", ").and(new Span.Moment(view.started())));
    Instant ended = view.ended();
    fact(facts, "ended", ended == null ? Line.empty() : moment(ended));
    fact(facts, "path", Line.text(String.join(" → ", view.path())));
    Candidate candidate = view.candidate();
    if (candidate != null) {
      fact(
          facts,
          "candidate",
          Line.words("version ")
              .andText(candidate.originVersion())
              .andWords(" of ")
              .andText(candidate.originModel())
              .andWords(", " + candidate.manifest().files() + " files"));
      fact(facts, "digest", Line.text(candidate.manifest().digest()));
    }
    return new Table(List.of("", ""), facts, Keep.FIRST);
  }

  private static void fact(List<List<Line>> facts, String name, Line value) {
    if (!value.equals(Line.empty()) && !value.equals(Line.text(""))) {
      facts.add(List.of(Line.words(name), value));
    }
  }

  private static Line optional(@Nullable String text) {
    return text == null ? Line.empty() : Line.text(text);
  }

  private static Line moment(Instant at) {
    return Line.empty().and(new Span.Moment(at));
  }

  private List<Section> request(Request request, boolean bySignal) {
    List<Block> who = new ArrayList<>();
    who.add(
        new Paragraph(
            Line.words("Needed by ")
                .and(new Span.Moment(request.expires()))
                .andWords(": ")
                .andText(Needed.text(missing(request)))
                .andWords(". Can't approve: ")
                .and(new Span.Names(view.barred()))
                .andWords(".")));
    if (!view.notKnown().isEmpty()) {
      who.add(
          new Paragraph(
              Line.words(
                  "Portage doesn't know everyone involved, and nobody may approve their own work:")));
      who.add(Items.of(view.notKnown().stream().map(Line::text).toList(), Keep.ESSENTIAL));
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
    String which = view.id() + " --request " + request.name();
    who.add(
        new Commands(
            List.of(
                new Command("approve", "portage approve " + which),
                new Command("reject", "portage reject " + which + " --comment WHY"))));
    if (bySignal) {
      String fields = "\"request\":\"" + request.name() + "\",";
      who.add(StepPage.update("approve", fields, ""));
      who.add(StepPage.update("reject", fields, ",\"comment\":\"WHY\""));
      who.add(StepPage.signals());
    }
    Line title =
        Line.words("Who can approve ")
            .andText(request.name())
            .andWords(" for ")
            .andText(request.target());
    List<Section> sections = new ArrayList<>();
    sections.add(evidence(request.evidence(), Line.words("Evidence")));
    sections.add(plan(request.plan()));
    // A page is read from its top; in a terminal the last lines are what is seen.
    sections.add(bySignal ? 0 : sections.size(), new Section(title, who));
    return sections;
  }

  private List<Section> closed(Request request) {
    return List.of(
        evidence(request.evidence(), Line.words("Evidence of request ").andText(request.name())),
        plan(request.plan()));
  }

  /** Groups whose approval is still missing. */
  private List<String> missing(Request request) {
    List<String> missing = new ArrayList<>(request.groups());
    for (Decision decision : view.decisions()) {
      if (decision.request().equals(request.name()) && decision.verdict() == Verdict.APPROVE) {
        missing.remove(decision.group());
      }
    }
    return missing;
  }

  private static Section evidence(Evidence evidence, Line title) {
    String champion = evidence.championVersion();
    Line outcome =
        title
            .andWords(": " + evidence.outcome().name().toLowerCase(Locale.ROOT) + ", ")
            .andWords(champion == null ? "no champion yet" : "champion: version ")
            .andText(champion == null ? "" : champion)
            .andWords(", digest ")
            .and(new Span.Code(beginning(evidence.candidateDigest())));
    return new Section(
        outcome,
        List.of(
            new Table(
                List.of("", "gate", "outcome", "measured", "required"),
                evidence.results().stream().map(PromotionPage::row).toList(),
                Keep.FIRST)));
  }

  private static List<Line> row(GateResult result) {
    return List.of(
        Line.words(mark(result.outcome())),
        Line.text(result.gate()),
        Line.words(result.outcome().name().toLowerCase(Locale.ROOT)),
        Line.text(result.measured()),
        Line.text(result.required()));
  }

  private static String beginning(String digest) {
    return digest.substring(0, Math.min(12, digest.length()));
  }

  private List<Section> problem(boolean bySignal) {
    Problem problem = view.problem();
    if (problem == null) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Code(problem.reason(), ""));
    blocks.add(new Advice(problem.remedy()));
    boolean isStopped = view.state() == PromotionState.STOPPED;
    String next = isStopped ? "portage resume " + view.id() : view.next();
    if (next != null) {
      blocks.add(Commands.of("to continue", next));
    }
    if (bySignal && isStopped) {
      blocks.add(StepPage.update("resume", "", ""));
      blocks.add(StepPage.signals());
    }
    return List.of(new Section(Line.words("Why it stopped"), blocks));
  }

  /** What the gates said about a candidate that was rejected, by them or by people. */
  private List<Section> rejectedOn() {
    Evidence evidence = view.evidence();
    if (evidence != null) {
      return List.of(evidence(evidence, Line.words("Evidence")));
    }
    return rejectedRequest().map(this::closed).orElse(List.of());
  }

  private Optional<Request> rejectedRequest() {
    return view.state() == PromotionState.REJECTED && view.evidence() == null
        ? view.requests().stream().reduce((earlier, later) -> later)
        : Optional.empty();
  }

  private List<Section> undelivered() {
    List<Section> sections = new ArrayList<>();
    add(
        sections,
        "Notices that did not arrive",
        view.undeliveredNotices().stream().map(Line::text).toList(),
        Keep.FIRST);
    return sections;
  }

  private List<Section> unfinished() {
    if (view.left().isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        Items.of(
            view.left().stream().map(Unfinished::text).map(Line::text).toList(), Keep.ESSENTIAL));
    if (view.state().ended()) {
      blocks.add(Commands.of("finish it with", "portage resume " + view.id()));
    }
    return List.of(new Section(Line.words("Unfinished, though the model is live"), blocks));
  }

  private List<Section> messages() {
    List<Section> sections = new ArrayList<>();
    add(
        sections,
        "Refused messages",
        view.refused().stream()
            .map(refusal -> Line.text(refusal.message()).andWords(": ").andText(refusal.reason()))
            .toList(),
        Keep.LAST);
    add(sections, "Notices", view.notices().stream().map(Line::text).toList(), Keep.LAST);
    return sections;
  }

  private static void add(List<Section> sections, String title, List<Line> items, Keep keep) {
    if (!items.isEmpty()) {
      sections.add(Section.of(title, Items.of(items, keep)));
    }
  }

  private List<Section> decisions() {
    return table(
        "Decisions",
        List.of("request", "decision", "by", "group", "when", "comment"),
        view.decisions().stream()
            .map(decision ->
                List.of(
                    Line.text(decision.request()),
                    Line.words(decision.verdict().name().toLowerCase(Locale.ROOT)),
                    Line.text(decision.by()),
                    optional(decision.group()),
                    moment(decision.at()),
                    optional(decision.comment())))
            .toList());
  }

  private List<Section> versions() {
    return table(
        "Versions",
        List.of("workspace", "model", "version"),
        view.versions().stream()
            .map(version ->
                List.of(
                    Line.text(version.workspace()),
                    Line.text(version.model()),
                    Line.text(version.version())))
            .toList());
  }

  private List<Section> releases() {
    return table(
        "Live",
        List.of("workspace", "model", "live", "previously"),
        view.releases().stream()
            .map(release ->
                List.of(
                    Line.text(release.workspace()),
                    Line.text(release.model()),
                    Line.words("version ").andText(release.version()),
                    release.previousVersion() == null
                        ? Line.words("nothing")
                        : Line.words("version ").andText(release.previousVersion())))
            .toList());
  }

  private List<Section> settings() {
    return table(
        "Effective settings",
        List.of("setting", "value", "from"),
        view.settings().stream()
            .map(value ->
                List.of(
                    Line.text(value.name()), Line.text(value.value()), Line.text(value.origin())))
            .toList());
  }

  private static List<Section> table(String title, List<String> head, List<List<Line>> rows) {
    return rows.isEmpty()
        ? List.of()
        : List.of(Section.of(title, new Table(head, rows, Keep.FIRST)));
  }

  /** What Temporal could not have held in addition. */
  private List<Section> leftOut() {
    return view.leftOut() == null
        ? List.of()
        : List.of(
            Section.of(
                "Left out to stay within Temporal's size limit",
                new Paragraph(
                    Line.text(
                        new TreeMap<>(view.leftOut())
                            .entrySet().stream()
                                .map(left -> left.getValue() + " of " + left.getKey())
                                .collect(Collectors.joining(", "))))));
  }

  private static String mark(GateOutcome outcome) {
    return switch (outcome) {
      case PASS -> "✓";
      case FAIL -> "✗";
      case INCONCLUSIVE -> "?";
    };
  }
}
