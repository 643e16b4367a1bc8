package dev.portage.start;

import dev.portage.promotion.PromotionStart;
import dev.portage.text.Bounded;
import dev.portage.text.Markdown;
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

  /** Bytes of one fact. */
  private static final int VALUE = 200;

  private StartPage() {}

  /** One line of Markdown, at most {@link Bounded#SUMMARY} bytes. */
  static String summary(PromotionStart start) {
    String what = Bounded.line(start.model() + " " + start.key(), Bounded.SUMMARY / 2);
    String who = Bounded.line(start.startedBy(), Bounded.SUMMARY / 4);
    return Markdown.summary(what + ", started by " + who);
  }

  /** A page of Markdown, at most {@link Bounded#PAGE} bytes. */
  static String details(PromotionStart start) {
    StringBuilder page = new StringBuilder();
    page.append("## ")
        .append(Markdown.line(Bounded.line(start.model() + " " + start.key(), Bounded.NAME)))
        .append("\n\n");
    line(page, "Model", start.model());
    line(page, "Commit", start.commit());
    if (start.source() != null) {
      line(page, "Repository", start.source().gitUrl());
      line(page, "Folder", start.source().folder());
      if (start.commit() == null) {
        line(page, "Notebooks from commit", start.source().commit());
      }
    }
    line(page, "Version trained elsewhere", start.version());
    line(page, "Run trained elsewhere", start.runId());
    line(page, "Started by", start.startedBy());
    line(page, "Committed by", start.committer());
    line(page, "Repeated because", start.reason());
    if (start.build() != null) {
      page.append("- ")
          .append(
              Markdown.link(
                  "Build " + Bounded.line(start.build().id(), Bounded.NAME),
                  Bounded.address(start.build().page())))
          .append('\n');
    }
    page.append('\n')
        .append(Markdown.code(Bounded.line(start.fileName(), Bounded.NAME)))
        .append(":\n\n")
        .append(
            Markdown.fenced(
                Bounded.lines(
                    start.fileText().lines().limit(LINES).collect(Collectors.joining("\n")), FILE),
                "yaml"));
    return page.toString();
  }

  private static void line(StringBuilder page, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      page.append("- ")
          .append(name)
          .append(": ")
          .append(Markdown.line(Bounded.line(value, VALUE)))
          .append('\n');
    }
  }
}
