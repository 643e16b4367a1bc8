package dev.portage.text;

import dev.portage.text.MarkdownBlocks.Room;
import java.time.Instant;
import java.util.function.Function;

/** A page as Markdown, all of it: for a pipeline's page or a merge request. */
public final class MarkdownPage {
  private MarkdownPage() {}

  /**
   * The page.
   *
   * @param moments a moment in words, of the reader's time zone
   */
  public static String of(Page page, Function<Instant, String> moments) {
    MarkdownBlocks blocks = new MarkdownBlocks(Room.ALL, moments);
    StringBuilder text = new StringBuilder(blocks.heading(1, page.title()));
    page.head().forEach(block -> text.append(blocks.text(block)));
    for (Page.Section section : page.sections()) {
      text.append(blocks.heading(2, section.title()));
      section.blocks().forEach(block -> text.append(blocks.text(block)));
    }
    return text.toString().stripTrailing() + "\n";
  }
}
