package dev.portage.load;

import java.util.List;
import java.util.Locale;

/** Outcomes as Markdown. */
final class LoadReport {
  private static final double MIB = 1024 * 1024;

  private LoadReport() {}

  /** One outcome. */
  static String of(Outcome outcome) {
    StringBuilder text = new StringBuilder("### ").append(outcome.title()).append("\n\n");
    text.append("| | promotions | bare workflows | ratio |\n|---|---|---|---|\n");
    outcome.figures().forEach(figure -> text.append(figure.row()));
    if (!outcome.waits().isEmpty()) {
      text.append("\n| activity | how many | waited for a worker, p50 / p99 | ran, p50 / p99 |")
          .append("\n|---|---|---|---|\n");
      outcome.waits().forEach(each -> text.append(row(each)));
    }
    if (!outcome.used().isEmpty()) {
      text.append("\n| part | CPU time | cores | memory |\n|---|---|---|---|\n");
      for (Part part : Part.values()) {
        Used used = outcome.used().get(part);
        if (used != null) {
          text.append(
              String.format(
                  Locale.ROOT,
                  "| %s | %.2f s | %.3f | %.0f MiB |%n",
                  part.shown(),
                  used.seconds(),
                  used.cores(),
                  used.resident() / MIB));
        }
      }
    }
    text.append('\n');
    outcome.exact().forEach(line -> text.append("- Exact: ").append(line).append(".\n"));
    outcome.aims().forEach(aim -> text.append("- Aim: ").append(aim.shown()).append(".\n"));
    List<String> warnings = outcome.warnings();
    text.append(
        warnings.isEmpty()
            ? "- No warning in the workers' logs.\n"
            : "- Warnings in the workers' logs so far: "
                + String.join("; ", warnings.subList(0, Math.min(3, warnings.size())))
                + ".\n");
    return text.toString();
  }

  private static String row(Waited each) {
    return String.format(
        Locale.ROOT,
        "| `%s` | %d%s | %s | %s |%n",
        each.type(),
        each.waited().count(),
        each.retried() == 0 ? "" : ", " + each.retried() + " retried",
        each.waited().shown(),
        each.ran().shown());
  }
}
