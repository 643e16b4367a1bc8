package dev.portage.step;

import dev.portage.failure.Problem;
import dev.portage.identity.NameFault;
import dev.portage.text.Block;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import dev.portage.text.Bounded;
import dev.portage.text.Line;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Steps as a part of a page: of a promotion, a rollback, an adoption. */
public final class StepPage {

  private final @Nullable Problem problem;

  private StepPage(@Nullable Problem problem) {
    this.problem = problem;
  }

  /**
   * The list of steps, with how far the running one has come; nothing where there are none.
   *
   * @param problem what the page itself says of the failure, null where it says nothing
   */
  public static List<Section> steps(List<StepView> steps, @Nullable Problem problem) {
    return steps.isEmpty()
        ? List.of()
        : List.of(
            Section.of(
                "Steps",
                new Table(
                    List.of("", "step", "result", "duration"),
                    steps.stream().map(new StepPage(problem)::row).toList(),
                    Keep.FIRST)));
  }

  private List<Line> row(StepView step) {
    Line name = Line.text(step.name());
    return List.of(
        Line.words(mark(step.state())),
        step.attempt() > 1 ? name.andWords(" (attempt " + step.attempt() + ")") : name,
        result(step),
        step.started() == null || step.ended() == null
            ? Line.empty()
            : Line.empty().and(new Span.Took(Duration.between(step.started(), step.ended()))));
  }

  private Line result(StepView step) {
    StepProgress reached = step.progress();
    if (step.state() == StepView.State.RUNNING && reached != null) {
      return reached.line();
    }
    String says = step.result();
    Line result =
        isTheProblem(step)
            ? Line.words("failed: see why it stopped")
            : Line.empty().and(new Span.Link(says == null ? "" : says, step.page()));
    return step.state() == StepView.State.FAILED && reached != null && !isPast(reached)
        ? result.andWords(", at: ").and(reached.line())
        : result;
  }

  /** Whether it was a share of the traffic: what stopped has given it back. */
  private boolean isPast(StepProgress reached) {
    return problem != null && reached.traffic() != null;
  }

  /** Whether a step says nothing but what the section on the failure says. */
  private boolean isTheProblem(StepView step) {
    Problem shown = problem;
    return shown != null
        && step.state() == StepView.State.FAILED
        && Bounded.line(shown.cameBack(), Bounded.LINE).equals(step.result());
  }

  /** The state of a step, as one character. */
  public static String mark(StepView.State state) {
    return switch (state) {
      case PENDING -> "·";
      case RUNNING -> "▶";
      case DONE -> "✓";
      case FAILED -> "✗";
      case SKIPPED -> "–";
    };
  }

  /**
   * How to send an Update in the Web UI, in the words of its menus.
   *
   * @param name of the Update
   * @param before fields of its input that come before the sender's name; empty for none
   * @param after those that come after it
   */
  public static Block update(String name, String before, String after) {
    return new Paragraph(
        Line.words("or here: More Actions → Send an Update → ")
            .and(new Span.Code(name))
            .andWords(", with the input ")
            .and(
                new Span.Code(
                    "{" + before + "\"by\":\"" + NameFault.PLACEHOLDER + "\"" + after + "}")));
  }

  /** An Update answers; where no worker runs it waits, and a signal is kept. */
  public static Block signals() {
    return new Paragraph(
        Line.words(
            "Send a Signal takes the same names and input, but returns no reason if it is refused; this page shows it."));
  }
}
