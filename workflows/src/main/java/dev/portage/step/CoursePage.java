package dev.portage.step;

import dev.portage.failure.Problem;
import dev.portage.text.Block;
import dev.portage.text.Block.Advice;
import dev.portage.text.Block.Code;
import dev.portage.text.Block.Commands;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
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
      sections.add(new Section(Line.words("Why it stopped"), problem(view, problem, inWebUi)));
    }
    sections.addAll(StepPage.steps(view.steps(), problem));
    add(
        sections,
        "Refused messages",
        view.told().refused().stream()
            .map(refusal -> Line.text(refusal.message()).andWords(": ").andText(refusal.reason()))
            .toList());
    add(sections, "Notices", view.told().notices().stream().map(Line::text).toList());
    return new Page(title.andWords(": " + view.state()), head, sections);
  }

  private static List<Block> problem(CourseView view, Problem problem, boolean inWebUi) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Code(problem.reason(), ""));
    blocks.add(new Advice(problem.remedy()));
    String next = view.next();
    if (next != null) {
      blocks.add(Commands.of("to continue", next));
      if (inWebUi) {
        blocks.add(StepPage.update("resume", "", ""));
        blocks.add(StepPage.signals());
      }
    }
    return blocks;
  }

  private static void add(List<Section> sections, String title, List<Line> items) {
    if (!items.isEmpty()) {
      sections.add(Section.of(title, Items.of(items, Keep.LAST)));
    }
  }
}
