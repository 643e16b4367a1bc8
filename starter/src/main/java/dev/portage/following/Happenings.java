package dev.portage.following;

import dev.portage.approval.Refusal;
import dev.portage.copy.CopyProgress;
import dev.portage.promotion.PromotionView;
import dev.portage.promotion.StepView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tells each thing that happens to a promotion once, a line each: {@code ✓ train run 8f3a… (41 s)}.
 */
public final class Happenings {

  private static final int COPY_LINES = 5;

  private final Set<String> said = new HashSet<>();
  private final Map<String, Long> copied = new HashMap<>();
  private int notices;
  private boolean silent;

  /** Lines for what is new since the last look. */
  public List<String> since(Look look) {
    List<String> lines = new ArrayList<>();
    if (look.told() == silent) {
      silent = !look.told();
      if (silent) {
        lines.add("… no worker answers; the promotion waits for one");
      } else {
        lines.add("… a worker answers again");
      }
    }
    for (StepView step : look.view().steps()) {
      boolean over =
          step.state() != StepView.State.PENDING && step.state() != StepView.State.RUNNING;
      if (over && said.add(step.name() + step.state() + step.attempt() + step.ended())) {
        lines.add(line(step));
      }
    }
    look.pending().forEach(pending -> pending(lines, pending));
    messages(lines, look.view());
    return lines;
  }

  /** A step that is over, in one line. */
  public static String line(StepView step) {
    String made = step.made() == null ? "" : step.made().replaceAll("\\s+", " ");
    String attempt = step.attempt() > 1 ? "  (attempt " + step.attempt() + ")" : "";
    String text =
        "%s %-16s %s%s%s".formatted(mark(step.state()), step.name(), made, attempt, took(step));
    return text.stripTrailing();
  }

  /** How a step stands, as one character. */
  public static String mark(StepView.State state) {
    return switch (state) {
      case PENDING -> "·";
      case RUNNING -> "▶";
      case DONE -> "✓";
      case FAILED -> "✗";
      case SKIPPED -> "–";
    };
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
          "… trying again (attempt "
              + pending.attempt()
              + "): "
              + pending.trouble().lines().findFirst().orElse(""));
    }
    CopyProgress progress = pending.progress();
    if (progress != null && progress.bytes() > 0) {
      long part = progress.bytesDone() * COPY_LINES / progress.bytes();
      String key = pending.id() + progress.phase();
      if (part < COPY_LINES && copied.getOrDefault(key, 0L) < part) {
        copied.put(key, part);
        lines.add(copy(progress));
      }
    }
  }

  private static String copy(CopyProgress progress) {
    String phase =
        switch (progress.phase()) {
          case DIGESTING -> "digesting";
          case SENDING -> "sending";
          case READING_BACK -> "reading back";
        };
    return String.format(
        Locale.ROOT,
        "  %s %d of %d MB, %d of %d files",
        phase,
        progress.bytesDone() >> 20,
        progress.bytes() >> 20,
        progress.filesDone(),
        progress.files());
  }

  private void messages(List<String> lines, PromotionView view) {
    for (; notices < view.notices().size(); notices++) {
      lines.add("! " + view.notices().get(notices));
    }
    for (Refusal refusal : view.refused()) {
      if (said.add(refusal.toString())) {
        lines.add("! did not count: " + refusal.message() + ": " + refusal.reason());
      }
    }
  }
}
