package dev.portage.gate;

import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Table;
import dev.portage.text.Line;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import java.util.List;
import java.util.Locale;

/** Evidence as a part of a page: the outcome, and a row for each gate. */
public final class EvidencePage {

  private EvidencePage() {}

  /**
   * What the gates said of a candidate.
   *
   * @param title what the section begins with, such as "Evidence"
   */
  public static Section section(Evidence evidence, Line title) {
    String champion = evidence.championVersion();
    Line outcome =
        title
            .andWords(": " + evidence.outcome().name().toLowerCase(Locale.ROOT) + ", ")
            .andWords(champion == null ? "no champion yet" : "champion: version ")
            .andText(champion == null ? "" : champion)
            .andWords(", candidate's digest ")
            .and(new Span.Code(beginning(evidence.candidateDigest())));
    return new Section(
        outcome,
        List.of(
            new Table(
                List.of("", "gate", "outcome", "measured", "required"),
                evidence.results().stream().map(EvidencePage::row).toList(),
                Keep.FIRST)));
  }

  private static List<Line> row(GateResult result) {
    return List.of(
        Line.words(mark(result.outcome())),
        Line.text(result.gate()),
        Line.words(result.outcome().name().toLowerCase(Locale.ROOT)),
        Line.text(result.measured()),
        Line.text(result.required()));
  }

  private static String beginning(String digest) {
    return digest.substring(0, Math.min(12, digest.length()));
  }

  private static String mark(GateOutcome outcome) {
    return switch (outcome) {
      case PASS -> "✓";
      case FAIL -> "✗";
      case INCONCLUSIVE -> "?";
    };
  }
}
