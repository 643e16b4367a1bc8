package dev.portage.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.text.Block.Code;
import dev.portage.text.Block.Command;
import dev.portage.text.Block.Commands;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Page.Section;
import dev.portage.text.Passage;
import dev.portage.text.Passage.Cut;
import dev.portage.text.Span;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalPageTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @Test
  void sentencesOfAPlanAreBrokenBetweenWordsAndOtherCellsAreNot() {
    String sentence = "then watched for 1d: if a limit is broken twice in a row, it is rolled back";
    List<List<Line>> rows =
        List.of(
            List.of(Line.text("endpoint churn in prod"), Line.text("nothing → " + sentence)),
            List.of(Line.empty(), Line.text("limits: none")));

    assertThat(
            new TerminalPage(Clock.fixed(NOON, ZoneOffset.UTC))
                .head(List.of(new Table(List.of("what", Table.CHANGES), rows, Keep.FIRST))))
        .containsExactly(
            "  what                    now → then",
            "  endpoint churn in prod  nothing → then watched for 1d: if a limit is broken twice in a row,"
                + " it is",
            "                            rolled back",
            "                          limits: none");
    assertThat(
            new TerminalPage(Clock.fixed(NOON, ZoneOffset.UTC))
                .head(List.of(new Table(List.of("what", "how"), rows, Keep.FIRST))))
        .contains("  endpoint churn in prod  nothing → " + sentence);
  }

  @Test
  void everyBlockIsPlainLines() {
    Page page =
        new Page(
            Line.text("promotion/churn/1").andWords("  STOPPED"),
            List.of(
                new Paragraph(Line.words("since ").and(new Span.Moment(NOON.minusSeconds(60)))),
                new Table(
                    List.of("", ""),
                    List.of(List.of(Line.words("commit"), Line.text("abc"))),
                    Keep.FIRST)),
            List.of(
                new Section(
                    Line.words("Steps"),
                    List.of(
                        new Table(
                            List.of("", "step"),
                            List.of(List.of(Line.words("✓"), Line.text("tr\u001bain"))),
                            Keep.FIRST),
                        new Code(List.of(new Passage("failed\n##vso[x]", Cut.NOTHING)), ""),
                        Items.of(List.of(Line.text("one")), Keep.LAST),
                        new Commands(
                            List.of(
                                new Command("approve", "portage approve x"),
                                new Command("reject", "portage reject x")))))));

    assertThat(new TerminalPage(Clock.fixed(NOON, ZoneOffset.UTC)).lines(page))
        .containsExactly(
            "promotion/churn/1  STOPPED",
            "  since 11:59",
            "  commit  abc",
            "",
            "  Steps",
            "       step",
            "    ✓  tr\\u001bain",
            "    failed",
            "      │ # #vso[x]",
            "    - one",
            "    approve: portage approve x",
            "    reject:  portage reject x");
  }
}
