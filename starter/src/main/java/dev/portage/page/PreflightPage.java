package dev.portage.page;

import dev.portage.approval.Needed;
import dev.portage.preflight.Finding;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.EffectiveValue;
import dev.portage.settings.Settings;
import dev.portage.settings.Threshold;
import dev.portage.text.Block;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import dev.portage.text.Line;
import java.util.ArrayList;
import java.util.List;

/** What a preflight found, as parts of a page. */
public final class PreflightPage {

  private PreflightPage() {}

  /** All findings, one line each, failed ones with the command that fixes them. */
  public static List<Block> all(List<Finding> findings) {
    List<Block> blocks = new ArrayList<>();
    for (Finding finding : findings) {
      blocks.add(
          new Paragraph(
              Line.words(mark(finding) + " ")
                  .andText(finding.where())
                  .andWords(": ")
                  .andText(finding.what())
                  .andWords(": ")
                  .andText(finding.text())));
      if (finding.remedy() != null && finding.verdict() != Finding.Verdict.OK) {
        finding
            .remedy()
            .lines()
            .forEach(line -> blocks.add(new Paragraph(Line.words("    → ").andText(line))));
      }
    }
    return blocks;
  }

  /** Only what needs attention. */
  public static List<Block> notable(List<Finding> findings) {
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
  public static List<Block> gates(Settings settings) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Paragraph(Line.words("gates:")));
    for (Threshold threshold : settings.thresholds()) {
      blocks.add(
          new Paragraph(
              Line.words("  ")
                  .andText(threshold.metric())
                  .andWords(" ")
                  .andText(threshold.text())
                  .andWords(", and not worse than the champion")));
    }
    if (settings.thresholds().isEmpty()) {
      blocks.add(new Paragraph(Line.words("  none")));
    }
    settings
        .targets()
        .forEach(target -> blocks.add(new Paragraph(approval(target.workspace(), settings))));
    return blocks;
  }

  /** Every value in force, and where it came from. */
  public static Block effective(List<EffectiveValue> values) {
    return new Table(
        List.of(),
        values.stream()
            .map(value ->
                List.of(
                    Line.text(value.name()), Line.text(value.value()), Line.text(value.origin())))
            .toList(),
        Keep.FIRST);
  }

  private static Line approval(String workspace, Settings settings) {
    ApprovalPolicy policy = settings.approvals().get(workspace);
    Line line = Line.words("approval for ").andText(workspace);
    if (policy == null || policy.groups().isEmpty()) {
      return line.andWords(": none needed if all gates pass");
    }
    return line.andWords(" (tier ")
        .andText(policy.tier())
        .andWords("): ")
        .andText(Needed.text(policy.groups()));
  }

  private static String mark(Finding finding) {
    return switch (finding.verdict()) {
      case OK -> "✓";
      case NOTE -> "!";
      case LACK -> "✗";
    };
  }
}
