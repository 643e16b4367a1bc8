package dev.portage.step;

import dev.portage.approval.Refusal;
import dev.portage.failure.Problem;
import dev.portage.text.Block;
import dev.portage.text.Block.Advice;
import dev.portage.text.Block.Code;
import dev.portage.text.Block.Command;
import dev.portage.text.Block.Commands;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Line;
import dev.portage.text.Page.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * What every page of a workflow of steps says besides its steps: why it stopped, what is left to be
 * done, which messages did not count, and what people should know.
 */
public final class WorkflowPage {

  private WorkflowPage() {}

  /**
   * Why a workflow stopped or failed, and what to do.
   *
   * @param next commands to go on with; empty for none
   * @param byUpdate whether the page says how to resume it in the Web UI
   */
  public static Section whyItStopped(Problem problem, List<Command> next, boolean byUpdate) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Code(problem.reason(), ""));
    blocks.add(new Advice(problem.remedy()));
    // What the advice names is not named again below it.
    List<Command> more =
        next.stream().filter(one -> !problem.remedy().contains(one.line())).toList();
    if (!more.isEmpty()) {
      blocks.add(new Commands(more));
    }
    if (byUpdate) {
      blocks.add(StepPage.update("resume", "", ""));
      blocks.add(StepPage.signals());
    }
    return new Section(Line.words("Why it stopped"), blocks);
  }

  /**
   * What is not done, though the rest is; nothing if all is done.
   *
   * @param though what is done nevertheless, such as "the model is live"
   * @param left what is not done, a text each
   * @param finish commands that finish it; empty while the workflow itself still tries
   */
  public static List<Section> unfinished(String though, List<String> left, List<Command> finish) {
    if (left.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(Items.of(left.stream().map(Line::text).toList(), Keep.ESSENTIAL));
    if (!finish.isEmpty()) {
      blocks.add(new Commands(finish));
    }
    return List.of(new Section(Line.words("Unfinished, though " + though), blocks));
  }

  /** Messages that did not count, and notices; each only if there are any. */
  public static List<Section> messages(List<Refusal> refused, List<String> notices) {
    List<Section> sections = new ArrayList<>();
    sections.addAll(
        list(
            "Refused messages",
            refused.stream()
                .map(refusal ->
                    Line.text(refusal.message()).andWords(": ").andText(refusal.reason()))
                .toList(),
            Keep.LAST));
    sections.addAll(list("Notices", notices.stream().map(Line::text).toList(), Keep.LAST));
    return sections;
  }

  /** A section of items; nothing without any. */
  public static List<Section> list(String title, List<Line> items, Keep keep) {
    return items.isEmpty() ? List.of() : List.of(Section.of(title, Items.of(items, keep)));
  }
}
