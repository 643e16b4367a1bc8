package dev.portage.start;

import dev.portage.promotion.PromotionStart;
import dev.portage.text.Block;
import dev.portage.text.Block.Code;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Bounded;
import dev.portage.text.DetailsPage;
import dev.portage.text.Line;
import dev.portage.text.Markdown;
import dev.portage.text.Page;
import dev.portage.text.Passage;
import dev.portage.text.Passage.Cut;
import dev.portage.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Temporal's Web UI shows about a promotion that never changes: a line, and a page of
 * Markdown.
 */
final class StartPage {

  /** Bytes of the file that are shown. */
  private static final int FILE = 10_000;

  /** Lines of the file that are shown. */
  private static final int LINES = 120;

  private StartPage() {}

  /** One line of Markdown, at most {@link Bounded#SUMMARY} bytes. */
  static String summary(PromotionStart start) {
    String what = Bounded.line(start.model() + " " + start.key(), Bounded.SUMMARY / 2);
    String who = Bounded.line(start.startedBy(), Bounded.SUMMARY / 4);
    return Markdown.summary(what + ", started by " + who);
  }

  /** A page of Markdown, at most {@link Bounded#PAGE} bytes. */
  static String details(PromotionStart start) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(Items.of(facts(start), Keep.FIRST));
    blocks.add(new Paragraph(Line.empty().and(new Span.Code(start.fileName())).andWords(":")));
    blocks.add(
        new Code(
            List.of(
                new Passage(
                    Bounded.lines(
                        start.fileText().lines().limit(LINES).collect(Collectors.joining("\n")),
                        FILE),
                    Cut.NOTHING)),
            "yaml"));
    return DetailsPage.of(
        new Page(Line.text(start.model() + " " + start.key()), blocks, List.of()));
  }

  private static List<Line> facts(PromotionStart start) {
    List<Line> facts = new ArrayList<>();
    fact(facts, "Model", start.model());
    fact(facts, "Commit", start.commit());
    if (start.source() != null) {
      fact(facts, "Repository", start.source().gitUrl());
      fact(facts, "Folder", start.source().folder());
      if (start.commit() == null) {
        fact(facts, "Notebooks from commit", start.source().commit());
      }
    }
    fact(facts, "Version trained elsewhere", start.version());
    fact(facts, "Run trained elsewhere", start.runId());
    fact(facts, "Started by", start.startedBy());
    fact(facts, "Committed by", start.committer());
    fact(facts, "Repeated because", start.reason());
    if (start.build() != null) {
      facts.add(
          Line.empty().and(new Span.Link("Build " + start.build().id(), start.build().page())));
    }
    return facts;
  }

  private static void fact(List<Line> facts, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      facts.add(Line.words(name + ": ").andText(value));
    }
  }
}
