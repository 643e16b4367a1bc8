package dev.portage.start;

import dev.portage.promotion.PromotionStart;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What Temporal's Web UI shows of a promotion that never changes: a line, and a page of Markdown.
 */
final class StartPage {

  /** Temporal's own limit for a summary, in bytes. */
  private static final int SUMMARY = 200;

  private StartPage() {}

  static String summary(PromotionStart start) {
    String text = start.model() + " " + start.key() + ", started by " + plain(start.startedBy());
    return text.length() <= SUMMARY / 2 ? text : text.substring(0, SUMMARY / 2);
  }

  static String details(PromotionStart start) {
    StringBuilder page = new StringBuilder("## " + start.model() + " " + start.key() + "\n\n");
    line(page, "Model", start.model());
    line(page, "Commit", start.commit());
    if (start.source() != null) {
      line(page, "Repository", start.source().gitUrl());
      line(page, "Folder", start.source().folder());
      if (start.commit() == null) {
        line(page, "Notebooks of commit", start.source().commit());
      }
    }
    line(page, "Version trained elsewhere", start.version());
    line(page, "Run trained elsewhere", start.runId());
    line(page, "Started by", start.startedBy());
    line(page, "Committed by", start.committer());
    line(page, "Again, because", start.reason());
    if (start.build() != null) {
      link(page, "Build " + start.build().id(), start.build().page());
    }
    page.append("\n`").append(plain(start.fileName())).append("`:\n\n```yaml\n");
    page.append(
        start
            .fileText()
            .replace("```", "'''")
            .lines()
            .limit(120)
            .collect(java.util.stream.Collectors.joining("\n")));
    return page.append("\n```\n").toString();
  }

  private static void line(StringBuilder page, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      page.append("- ").append(name).append(": ").append(plain(value)).append('\n');
    }
  }

  private static void link(StringBuilder page, String name, @Nullable URI address) {
    page.append("- ").append(plain(name));
    if (address != null) {
      page.append(": [").append(address).append("](").append(address).append(')');
    }
    page.append('\n');
  }

  /** Text that Markdown takes for nothing else. */
  private static String plain(String text) {
    return text.replaceAll("[\\s\\p{Cntrl}]+", " ").replaceAll("([\\\\`*\\[\\]<>|])", "\\\\$1");
  }
}
