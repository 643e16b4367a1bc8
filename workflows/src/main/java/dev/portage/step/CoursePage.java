package dev.portage.step;

import dev.portage.failure.Problem;
import dev.portage.text.Block;
import dev.portage.text.Block.Command;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Page.Section;
import java.util.ArrayList;
import java.util.List;

/** A workflow that consists of steps as a page: in Temporal's Web UI and in a terminal. */
public final class CoursePage {

  private CoursePage() {}

  /**
   * What the Web UI shows: its state, how to resume it, what was done.
   *
   * @param title what it is about, without its state
   * @param facts what stands above the steps, such as a table 'now → then'
   */
  public static Page details(Line title, List<Block> facts, CourseView view) {
    return page(title, facts, view, true);
  }

  /** The same for a terminal. */
  public static Page status(Line title, List<Block> facts, CourseView view) {
    return page(title, facts, view, false);
  }

  private static Page page(Line title, List<Block> facts, CourseView view, boolean inWebUi) {
    List<Block> head = new ArrayList<>();
    Problem problem = view.problem();
    if (problem == null || !problem.cameBack().startsWith(view.says())) {
      head.add(new Paragraph(Line.text(view.says())));
    }
    head.addAll(facts);
    List<Section> sections = new ArrayList<>();
    if (problem != null) {
      String next = view.next();
      sections.add(
          WorkflowPage.whyItStopped(
              problem,
              next == null ? List.of() : List.of(new Command("to continue", next)),
              inWebUi && next != null));
    }
    sections.addAll(StepPage.steps(view.steps(), problem));
    sections.addAll(WorkflowPage.messages(view.told().refused(), view.told().notices()));
    return new Page(title.andWords(": " + view.state()), head, sections);
  }
}
