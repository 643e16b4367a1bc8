package dev.portage.page;

import dev.portage.approval.Needed;
import dev.portage.preflight.Finding;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.EffectiveValue;
import dev.portage.settings.Settings;
import dev.portage.settings.Threshold;
import java.util.ArrayList;
import java.util.List;

/** The findings of a preflight, as lines for a terminal. */
public final class PreflightPage {

  private PreflightPage() {}

  /** All findings, one line each, failed ones with the command that fixes them. */
  public static List<String> all(List<Finding> findings) {
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      lines.add(
          "  %s %s: %s: %s"
              .formatted(mark(finding), finding.where(), finding.what(), finding.text()));
      if (finding.remedy() != null && finding.verdict() != Finding.Verdict.OK) {
        finding.remedy().lines().forEach(line -> lines.add("      → " + line));
      }
    }
    return lines;
  }

  /** Only what needs attention. */
  public static List<String> notable(List<Finding> findings) {
    return all(
        findings.stream().filter(finding -> finding.verdict() != Finding.Verdict.OK).toList());
  }

  /** One line: how many things were checked, and how many failed. */
  public static String summary(List<Finding> findings) {
    long lacks =
        findings.stream().filter(finding -> finding.verdict() == Finding.Verdict.LACK).count();
    if (lacks == 0 && findings.size() == 1) {
      return "1 check passed";
    }
    return lacks == 0
        ? "all " + findings.size() + " checks passed"
        : lacks + " of " + findings.size() + " checks failed";
  }

  /** The gates, and who will be asked. */
  public static List<String> gates(Settings settings) {
    List<String> lines = new ArrayList<>();
    lines.add("    gates:");
    for (Threshold threshold : settings.thresholds()) {
      lines.add(
          "      "
              + threshold.metric()
              + " "
              + threshold.text()
              + ", and not worse than the champion");
    }
    if (settings.thresholds().isEmpty()) {
      lines.add("      none");
    }
    settings.targets().forEach(target -> lines.add(approval(target.workspace(), settings)));
    return lines;
  }

  /** Every value in force, and where it came from. */
  public static List<String> effective(List<EffectiveValue> values) {
    Columns columns = new Columns();
    values.forEach(value -> columns.row(List.of(value.name(), value.value(), value.origin())));
    return columns.lines("  ");
  }

  private static String approval(String workspace, Settings settings) {
    ApprovalPolicy policy = settings.approvals().get(workspace);
    if (policy == null || policy.groups().isEmpty()) {
      return "    approval for " + workspace + ": none needed if all gates pass";
    }
    return "    approval for "
        + workspace
        + " (tier "
        + policy.tier()
        + "): "
        + Needed.text(policy.groups());
  }

  private static String mark(Finding finding) {
    return switch (finding.verdict()) {
      case OK -> "✓";
      case NOTE -> "!";
      case LACK -> "✗";
    };
  }
}
