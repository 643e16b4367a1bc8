package dev.portage.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.text.Block.Code;
import dev.portage.text.Block.Command;
import dev.portage.text.Block.Commands;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import dev.portage.text.Page.Section;
import dev.portage.text.Passage.Cut;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final Instant NINE = Instant.parse("2026-01-02T09:00:30Z");

  private final Page page =
      new Page(
          Line.text("churn_*").andWords(": WAITING"),
          List.of(new Paragraph(Line.words("since ").and(new Span.Moment(NINE)))),
          List.of(
              Section.of(
                  "Steps",
                  new Table(
                      List.of("", "step", "took"),
                      List.of(
                          List.of(
                              Line.words("✓"),
                              Line.empty()
                                  .and(new Span.Link("a|b", URI.create("https://example.com/1"))),
                              Line.empty().and(new Span.Took(Duration.ofSeconds(41))))),
                      Keep.FIRST)),
              new Section(
                  Line.words("Why it stopped"),
                  List.of(
                      new Code(
                          List.of(
                              new Passage("train failed: ", Cut.NOTHING),
                              new Passage("no rows", Cut.MIDDLE),
                              new Passage("\n    line 1\n    line 2", Cut.FIRST_LINES),
                              new Passage("\n  do: fix it", Cut.NOTHING)),
                          ""),
                      new Commands(List.of(new Command("to continue", "portage resume x"))))),
              Section.of(
                  "Notices", Items.of(List.of(Line.text("# one"), Line.text("two")), Keep.LAST))));

  @Test
  void aReportIsComplete() {
    assertThat(MarkdownPage.of(page, Instant::toString))
        .isEqualTo(
            """
            # churn\\_\\*: WAITING

            since 2026-01-02T09:00:30Z

            ## Steps

            |  | step | took |
            |---|---|---|
            | ✓ | [a\\|b](https://example.com/1) | 41 s |

            ## Why it stopped

            ```
            train failed: no rows
                line 1
                line 2
              do: fix it
            ```

            ```
            portage resume x
            ```

            ## Notices

            - \\# one
            - two
            """);
  }

  @Test
  void detailsUseTheSameHeadingsOneLevelLower() {
    assertThat(DetailsPage.of(page))
        .startsWith("## churn\\_\\*: WAITING\n\nsince 2026-01-02T09:00:00Z\n\n### Steps\n\n")
        .contains("### Why it stopped\n\n```\ntrain failed: no rows\n    line 1\n")
        .endsWith("### Notices\n\n- \\# one\n- two\n\n");
  }

  @Test
  void detailsKeepWhatPeopleNeedAndCountTheRest() {
    Passage answer = new Passage("\n" + "w".repeat(50_000), Cut.MIDDLE);
    Page large =
        new Page(
            Line.text("m".repeat(5_000)),
            List.of(),
            List.of(
                new Section(
                    Line.words("Why it stopped"),
                    List.of(
                        new Code(List.of(answer, new Passage("\n  do: fix it", Cut.NOTHING)), ""),
                        Commands.of("to continue", "portage resume x"))),
                Section.of(
                    "Unfinished",
                    Items.of(Collections.nCopies(500, Line.text("u".repeat(900))), Keep.ESSENTIAL)),
                Section.of(
                    "Notices",
                    Items.of(Collections.nCopies(500, Line.text("n".repeat(900))), Keep.LAST))));

    String details = DetailsPage.of(large);

    assertThat(Bounded.size(details)).isLessThanOrEqualTo(Bounded.PAGE);
    assertThat(details)
        .contains("do: fix it")
        .contains("portage resume x")
        .containsPattern("- … 49\\d more\n\n### Notices")
        .containsPattern("### Notices\n\n- … \\d+ more\n");
  }
}
