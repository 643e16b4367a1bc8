package dev.portage.text;

import java.util.List;
import java.util.stream.Collectors;

/** A part of a page below a heading. */
public sealed interface Block {

  /** What stays of a list or table that doesn't fit; how much is left out is always said. */
  enum Keep {
    /** People need it to act: it is shortened last, and its first entries stay. */
    ESSENTIAL,
    FIRST,
    LAST
  }

  /** A line on its own. */
  record Paragraph(Line line) implements Block {}

  /** A list. */
  record Items(List<Line> items, boolean numbered, Keep keep) implements Block {
    public Items {
      items = List.copyOf(items);
    }

    /** A list without numbers. */
    public static Items of(List<Line> items, Keep keep) {
      return new Items(items, false, keep);
    }
  }

  /**
   * A table.
   *
   * @param head names of the columns, which may be empty
   * @param rows each with as many cells
   */
  record Table(List<String> head, List<List<Line>> rows, Keep keep) implements Block {

    /** Head of a last column of sentences, which a terminal breaks between words. */
    public static final String CHANGES = "now → then";

    public Table {
      head = List.copyOf(head);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /**
   * Text shown unchanged, with its line breaks.
   *
   * @param language of a listing, empty for none
   */
  record Code(List<Passage> passages, String language) implements Block {
    public Code {
      passages = List.copyOf(passages);
    }

    /** All of it. */
    public String text() {
      return passages.stream().map(Passage::text).collect(Collectors.joining());
    }
  }

  /**
   * What to do, on lines of its own. Never shortened, and wrapped where a page is narrow: a line of
   * {@link Code} that is too long for a page ends out of sight.
   */
  record Advice(String text) implements Block {}

  /** Commands to paste. Never shortened. */
  record Commands(List<Command> commands) implements Block {
    public Commands {
      commands = List.copyOf(commands);
    }

    /** One command. */
    public static Commands of(String does, String line) {
      return new Commands(List.of(new Command(does, line)));
    }
  }

  /**
   * A command to paste.
   *
   * @param does what it does, in a word or two
   */
  record Command(String does, String line) {}
}
