package dev.portage.rollback;

import dev.portage.approval.Request;
import dev.portage.failure.Problem;
import dev.portage.plan.Action;
import dev.portage.release.Unfinished;
import dev.portage.step.CourseView;
import dev.portage.step.RequestPage;
import dev.portage.step.StepPage;
import dev.portage.step.WorkflowPage;
import dev.portage.text.Block;
import dev.portage.text.Block.Command;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import dev.portage.text.Bounded;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rollback as a page: what the Temporal Web UI, a terminal and a report show is made of the same
 * sections.
 */
public final class RollbackPage {

  private final RollbackView view;

  private RollbackPage(RollbackView view) {
    this.view = view;
  }

  /** What the Web UI shows: its state, who may act and how, now → then, what was done. */
  public static Page details(RollbackView view) {
    RollbackPage page = new RollbackPage(view);
    List<Section> sections = new ArrayList<>();
    sections.addAll(page.request(true));
    sections.addAll(page.problem(true));
    sections.addAll(plan(view.plan()));
    sections.addAll(unfinished(view));
    sections.addAll(StepPage.steps(view.steps(), view.problem()));
    sections.addAll(WorkflowPage.messages(view.asked().refused(), view.notices()));
    return new Page(page.title(), page.head(), sections);
  }

  /** Its state, for a terminal. */
  public static Page status(RollbackView view) {
    RollbackPage page = new RollbackPage(view);
    return new Page(
        Line.text(view.id()).andWords("  " + view.state()), page.head(), page.current());
  }

  /** All of it. */
  public static Page report(RollbackView view) {
    RollbackPage page = new RollbackPage(view);
    List<Section> sections = new ArrayList<>(page.current());
    sections.addAll(RequestPage.decisions(view.asked().decisions()));
    return new Page(page.title(), page.head(), sections);
  }

  /** What it changes, 'now → then', and what people should know before; nothing without a plan. */
  public static List<Section> plan(@Nullable RollbackPlan plan) {
    if (plan == null) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Table(
            List.of("what", Table.CHANGES),
            plan.actions().stream().map(RollbackPage::changed).toList(),
            Keep.ESSENTIAL));
    if (!plan.remarks().isEmpty()) {
      blocks.add(Items.of(plan.remarks().stream().map(Line::text).toList(), Keep.FIRST));
    }
    return List.of(new Section(Line.words("Plan for ").andText(plan.workspace()), blocks));
  }

  private static List<Line> changed(Action action) {
    return List.of(
        Line.text(action.what()), Line.text(action.now()).andWords(" → ").andText(action.then()));
  }

  /** An open request: who can approve it and how; nothing where none is open. */
  public static List<Section> request(RollbackView view) {
    return new RollbackPage(view).request(false);
  }

  /** What is not done, though all is restored, and how to finish it; nothing if all is done. */
  public static List<Section> unfinished(RollbackView view) {
    return WorkflowPage.unfinished(
        "all is restored",
        view.unfinished().stream().map(Unfinished::text).toList(),
        view.state().ended()
            ? List.of(new Command("finish it with", "portage resume " + view.id()))
            : List.of());
  }

  private List<Section> current() {
    List<Section> sections = new ArrayList<>(plan(view.plan()));
    sections.addAll(StepPage.steps(view.steps(), view.problem()));
    sections.addAll(request(false));
    sections.addAll(problem(false));
    sections.addAll(unfinished(view));
    sections.addAll(WorkflowPage.messages(view.asked().refused(), view.notices()));
    return sections;
  }

  private Line title() {
    Line title = Line.words("Rollback of ").andText(view.model());
    if (view.workspace() != null) {
      title = title.andWords(" in ").andText(view.workspace());
    }
    return title.andWords(": " + view.state());
  }

  private List<Block> head() {
    List<Block> head = new ArrayList<>();
    Problem problem = view.problem();
    if (problem == null
        || !Bounded.line(problem.cameBack(), Bounded.COMMENT).startsWith(view.says())) {
      head.add(new Paragraph(Line.text(view.says())));
    }
    List<List<Line>> facts = new ArrayList<>();
    fact(facts, "rollback", Line.text(view.id()));
    if (view.registered() != null) {
      fact(facts, "model", Line.text(view.registered()));
    }
    RollbackPlan plan = view.plan();
    if (plan != null) {
      fact(facts, "from", Line.text(RollbackPlan.version(plan.from())));
      fact(
          facts,
          "to",
          Line.text(RollbackPlan.version(plan.to()))
              .andWords(", released by ")
              .andText(plan.releasedBy())
              .andWords(", ")
              .and(new Span.Moment(plan.releasedAt())));
    }
    if (view.reason() != null) {
      fact(facts, "reason", Line.text(view.reason()));
    }
    fact(
        facts,
        "started by",
        Line.text(view.startedBy()).andWords(", ").and(new Span.Moment(view.started())));
    if (view.ended() != null) {
      fact(facts, "ended", Line.empty().and(new Span.Moment(view.ended())));
    }
    head.add(new Table(List.of("", ""), facts, Keep.FIRST));
    return head;
  }

  private static void fact(List<List<Line>> facts, String name, Line value) {
    facts.add(List.of(Line.words(name), value));
  }

  private List<Section> request(boolean inWebUi) {
    Request request = view.asked().request();
    if (request == null) {
      return List.of();
    }
    return List.of(
        RequestPage.who(
            Line.words("Who can approve ").andText(request.name()),
            view.id(),
            request,
            view.asked().decisions(),
            List.of(view.startedBy()),
            List.of(),
            inWebUi));
  }

  private List<Section> problem(boolean inWebUi) {
    Problem problem = view.problem();
    if (problem == null) {
      return List.of();
    }
    boolean isStopped = view.state() == CourseView.State.STOPPED;
    return List.of(
        WorkflowPage.whyItStopped(
            problem,
            isStopped
                ? List.of(
                    new Command("to continue", "portage resume " + view.id()),
                    new Command("to end it", "portage cancel " + view.id()))
                : List.of(),
            inWebUi && isStopped));
  }
}
