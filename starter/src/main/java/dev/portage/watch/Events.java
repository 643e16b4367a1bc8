package dev.portage.watch;

import dev.portage.approval.Refusal;
import dev.portage.promotion.PromotionView;
import dev.portage.serving.TrafficShare;
import dev.portage.step.StepPage;
import dev.portage.step.StepView;
import dev.portage.text.Durations;
import dev.portage.text.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reports each event of a promotion once, in one line: {@code ✓ train run 8f3a… (41 s)}. */
public final class Events {

  private final Function<Line, String> shown;
  private final Set<String> said = new HashSet<>();
  private int notices;
  private boolean silent;

  /**
   * Reports to people.
   *
   * @param shown a line as they see it, with its moments in their time zone
   */
  public Events(Function<Line, String> shown) {
    this.shown = shown;
  }

  /** Lines for what is new since the last look. */
  public List<String> since(Snapshot snapshot) {
    List<String> lines = new ArrayList<>();
    if (snapshot.answered() == silent) {
      silent = !snapshot.answered();
      if (silent) {
        lines.add("… no worker is responding; the promotion is waiting for one");
      } else {
        lines.add("… a worker is responding again");
      }
    }
    for (StepView step : snapshot.view().steps()) {
      boolean over =
          step.state() != StepView.State.PENDING && step.state() != StepView.State.RUNNING;
      if (over && said.add(step.name() + step.state() + step.attempt() + step.ended())) {
        lines.add(line(step));
      }
      traffic(lines, step);
    }
    if (TurnHolders.isKnown(snapshot.view()) && said.add(snapshot.view().says())) {
      lines.add("… " + snapshot.view().says());
    }
    snapshot.pending().forEach(pending -> pending(lines, pending));
    messages(lines, snapshot.view());
    return lines;
  }

  /** Once when the new version is started, and once for each share that is watched. */
  private void traffic(List<String> lines, StepView step) {
    TrafficShare share = step.traffic();
    if (share != null
        && (share.until() != null || share.step() == 0)
        && said.add(step.name() + step.attempt() + share.text())) {
      lines.add(
          "%s %-16s %s"
              .formatted(
                  StepPage.mark(StepView.State.RUNNING), step.name(), shown.apply(share.line())));
    }
  }

  /** A step that is over, in one line. */
  public static String line(StepView step) {
    String made = step.result() == null ? "" : step.result().strip().replaceAll("\\s+", " ");
    String attempt = step.attempt() > 1 ? "  (attempt " + step.attempt() + ")" : "";
    String text =
        "%s %-16s %s%s%s"
            .formatted(StepPage.mark(step.state()), step.name(), made, attempt, took(step));
    return text.stripTrailing();
  }

  private static String took(StepView step) {
    if (step.started() == null || step.ended() == null) {
      return "";
    }
    return "  (" + Durations.text(Duration.between(step.started(), step.ended())) + ")";
  }

  private void pending(List<String> lines, Pending pending) {
    if (pending.attempt() > 1
        && pending.trouble() != null
        && said.add(pending.id() + pending.trouble())) {
      lines.add(
          "… retrying (attempt "
              + pending.attempt()
              + "): "
              + pending.trouble().lines().findFirst().orElse(""));
    }
  }

  private void messages(List<String> lines, PromotionView view) {
    for (; notices < view.notices().size(); notices++) {
      lines.add("! " + view.notices().get(notices));
    }
    for (Refusal refusal : view.refused()) {
      if (said.add(refusal.toString())) {
        lines.add("! refused: " + refusal.message() + ": " + refusal.reason());
      }
    }
  }
}
