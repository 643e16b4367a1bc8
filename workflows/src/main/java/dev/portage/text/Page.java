package dev.portage.text;

import java.util.List;

/**
 * What a page says, without a look: built once, and shown as Markdown ({@link MarkdownPage}), as
 * current details in Temporal's Web UI ({@link DetailsPage}), and in a terminal.
 *
 * @param head what comes before the first section
 */
public record Page(Line title, List<Block> head, List<Section> sections) {

  public Page {
    head = List.copyOf(head);
    sections = List.copyOf(sections);
  }

  /** A part of a page with a heading of its own. */
  public record Section(Line title, List<Block> blocks) {
    public Section {
      blocks = List.copyOf(blocks);
    }

    /** A section of one block. */
    public static Section of(String title, Block block) {
      return new Section(Line.words(title), List.of(block));
    }
  }
}
