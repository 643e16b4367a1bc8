package dev.portage.promotion;

import dev.portage.approval.Request;
import dev.portage.candidate.Candidate;
import dev.portage.failure.Problem;
import dev.portage.gate.Evidence;
import dev.portage.gate.EvidencePage;
import dev.portage.plan.Action;
import dev.portage.plan.Plan;
import dev.portage.release.Unfinished;
import dev.portage.step.RequestPage;
import dev.portage.step.StepPage;
import dev.portage.step.WorkflowPage;
import dev.portage.text.Block;
import dev.portage.text.Block.Command;
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
    sections.addAll(WorkflowPage.messages(view.refused(), view.notices()));
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
    sections.addAll(RequestPage.decisions(view.decisions()));
    sections.addAll(page.versions());
    sections.addAll(page.releases());
    sections.addAll(page.endpoints());
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
            List.of("what", Table.CHANGES),
            plan.actions().stream()
                .flatMap(action -> rows(action, plan.versions()).stream())
                .toList(),
            Keep.FIRST));
    JobSettingsTable.of(plan.jobSettings()).ifPresent(blocks::add);
    return new Section(Line.words("Plan for " + plan.target()), blocks);
  }

  /** One fact in a row: what is changed stands beside the first. */
  private static List<List<Line>> rows(Action action, @Nullable String versions) {
    List<String> facts = action.facts(versions);
    List<List<Line>> rows = new ArrayList<>();
    rows.add(
        List.of(
            Line.text(action.what()),
            Line.text(action.shownNow(versions)).andWords(" → ").andText(facts.getFirst())));
    facts.stream().skip(1).forEach(fact -> rows.add(List.of(Line.empty(), Line.text(fact))));
    return rows;
  }

  private List<Section> current() {
    List<Section> sections = new ArrayList<>(StepPage.steps(view.steps(), view.problem()));
    open().ifPresent(request -> sections.addAll(request(request, false)));
    sections.addAll(problem(false));
    sections.addAll(rejectedOn());
    sections.addAll(unfinished());
    sections.addAll(undelivered());
    sections.addAll(WorkflowPage.messages(view.refused(), view.notices()));
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
        .map(reached ->
            Line.text(says.substring(0, says.indexOf(": ") + 1)).andWords(" ").and(reached.line()))
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
    went(facts);
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

  /**
   * What has ended knows only what it made live; since then others may have made something live.
   */
  private void went(List<List<Line>> facts) {
    if (!view.state().ended() || view.releases().isEmpty()) {
      return;
    }
    view.releases()
        .forEach(release ->
            fact(
                facts,
                "went live",
                Line.words("version ")
                    .andText(release.version())
                    .andWords(" in ")
                    .andText(release.workspace())
                    .andWords(", ")
                    .and(new Span.Moment(release.at()))));
    fact(
        facts,
        "live now",
        Line.words("see ")
            .and(
                new Span.Code(
                    "portage history " + view.typedAt(view.releases().getLast().workspace()))));
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
    Line title =
        Line.words("Who can approve ")
            .andText(request.name())
            .andWords(" for ")
            .andText(request.target());
    List<Section> sections = new ArrayList<>();
    sections.add(EvidencePage.section(request.evidence(), Line.words("Evidence")));
    sections.add(plan(request.plan()));
    // A page is read from its top; in a terminal the last lines are what is seen.
    sections.add(
        bySignal ? 0 : sections.size(),
        RequestPage.who(
            title, view.id(), request, view.decisions(), view.barred(), view.notKnown(), bySignal));
    return sections;
  }

  private List<Section> closed(Request request) {
    return List.of(
        EvidencePage.section(
            request.evidence(), Line.words("Evidence of request ").andText(request.name())),
        plan(request.plan()));
  }

  private List<Section> problem(boolean bySignal) {
    Problem problem = view.problem();
    if (problem == null) {
      return List.of();
    }
    boolean isStopped = view.state() == PromotionState.STOPPED;
    boolean isOver = isStopped && problem.needsAnotherPromotion();
    String next = isStopped ? "portage resume " + view.id() : view.next();
    List<Command> commands =
        isOver
            ? List.of(new Command("to end this one", "portage cancel " + view.id()))
            : next == null ? List.of() : List.of(new Command("to continue", next));
    return List.of(WorkflowPage.whyItStopped(problem, commands, bySignal && isStopped && !isOver));
  }

  /** What the gates said about a candidate that was rejected, by them or by people. */
  private List<Section> rejectedOn() {
    Evidence evidence = view.evidence();
    if (evidence != null) {
      return List.of(EvidencePage.section(evidence, Line.words("Evidence")));
    }
    return rejectedRequest().map(this::closed).orElse(List.of());
  }

  private Optional<Request> rejectedRequest() {
    return view.state() == PromotionState.REJECTED && view.evidence() == null
        ? view.requests().stream().reduce((earlier, later) -> later)
        : Optional.empty();
  }

  private List<Section> undelivered() {
    return WorkflowPage.list(
        "Notices that did not arrive",
        view.undeliveredNotices().stream().map(Line::text).toList(),
        Keep.FIRST);
  }

  private List<Section> unfinished() {
    return WorkflowPage.unfinished(
        "the model is live",
        view.left().stream().map(Unfinished::text).toList(),
        view.state().ended()
            ? List.of(new Command("finish it with", "portage resume " + view.id()))
            : List.of());
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
        view.state().ended() ? "Went live" : "Live",
        List.of("workspace", "model", view.state().ended() ? "then" : "live", "previously"),
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

  private List<Section> endpoints() {
    return table("Endpoints", EndpointTable.HEAD, EndpointTable.rows(view.releases()));
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
}
