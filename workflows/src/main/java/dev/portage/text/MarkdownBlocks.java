package dev.portage.text;

import dev.portage.text.Block.Advice;
import dev.portage.text.Block.Code;
import dev.portage.text.Block.Command;
import dev.portage.text.Block.Commands;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a page as Markdown, each ended by an empty line.
 *
 * @param room how much of each is shown
 * @param moments a moment in words
 */
record MarkdownBlocks(Room room, Function<Instant, String> moments) {

  /**
   * How much of a text is shown.
   *
   * @param line bytes of one text
   * @param names entries of a list, and names in a line
   * @param answer bytes of what another side answered
   * @param trace lines of a trace
   * @param address characters of a link's address; a longer one is left out
   */
  record Room(int line, int names, int answer, int trace, int address) {
    static final Room ALL =
        new Room(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE);
  }

  String text(Block block) {
    return switch (block) {
      case Paragraph(Line line) -> line(line) + "\n\n";
      case Items items -> items(items) + "\n";
      case Table table -> head(table) + String.join("", rows(table, room.line)) + "\n";
      case Code code -> Markdown.fenced(shortened(code.passages()), code.language()) + "\n";
      case Advice(String advice) ->
          advice
                  .lines()
                  .filter(line -> !line.isBlank())
                  .map(Markdown::line)
                  .collect(Collectors.joining("\n\n"))
              + "\n\n";
      case Commands(List<Command> commands) ->
          Markdown.fenced(
                  commands.stream().map(Command::line).collect(Collectors.joining("\n")), "")
              + "\n";
    };
  }

  String heading(int level, Line title) {
    return "#".repeat(level) + " " + line(title) + "\n\n";
  }

  private String items(Items items) {
    int left = items.items().size() - Math.min(items.items().size(), room.names);
    Items few =
        left == 0
            ? items
            : new Items(items.items().subList(0, room.names), items.numbered(), items.keep());
    return String.join("", items(few, room.line)) + (left == 0 ? "" : "- … " + left + " more\n");
  }

  /** Each item with its line break. */
  List<String> items(Items items, int width) {
    String mark = items.numbered() ? "1. " : "- ";
    return items.items().stream().map(item -> mark + line(item, width) + "\n").toList();
  }

  /** The first two lines of a table. */
  String head(Table table) {
    return table.head().stream()
            .map(name -> name + " | ")
            .collect(Collectors.joining("", "| ", ""))
            .stripTrailing()
        + "\n|"
        + "---|".repeat(table.head().size())
        + "\n";
  }

  /** Each row with its line break; each text of a cell has at most so many bytes. */
  List<String> rows(Table table, int width) {
    return table.rows().stream()
        .map(row ->
            row.stream()
                .map(cell -> " " + cell(cell, width) + " |")
                .collect(Collectors.joining("", "|", "\n")))
        .toList();
  }

  String line(Line line) {
    return line(line, room.line);
  }

  String line(Line line, int width) {
    return line.spans().stream()
        .map(span ->
            switch (span) {
              case Span.Text(String text) -> Markdown.line(Bounded.line(text, width));
              case Span.Code(String text) -> Markdown.code(Bounded.line(text, width));
              default -> inline(span, width);
            })
        .collect(Collectors.joining());
  }

  private String cell(Line line, int width) {
    return line.spans().stream()
        .map(span ->
            switch (span) {
              case Span.Text(String text) -> Markdown.cell(Bounded.line(text, width));
              case Span.Code(String text) -> Markdown.cell(Bounded.line(text, width));
              default -> inline(span, width);
            })
        .collect(Collectors.joining());
  }

  private String inline(Span span, int width) {
    return switch (span) {
      case Span.Words(String words) -> words;
      case Span.Text(String text) -> Markdown.cell(Bounded.line(text, width));
      case Span.Code(String text) -> Markdown.cell(Bounded.line(text, width));
      case Span.Link(String text, URI page) ->
          Markdown.link(Bounded.line(text, width), shown(page));
      case Span.Names(List<String> names) -> names(names, width);
      case Span.Moment(Instant at) -> moments.apply(at);
      case Span.Took took -> Durations.text(took.time());
    };
  }

  private String names(List<String> names, int width) {
    int each = Math.min(width, Math.max(room.line / 10, 1));
    List<String> few =
        names.stream()
            .limit(room.names)
            .map(name -> Markdown.line(Bounded.line(name, each)))
            .collect(Collectors.toCollection(ArrayList::new));
    if (names.size() > room.names) {
      few.add(names.size() - room.names + " more");
    }
    return String.join(", ", few);
  }

  private @Nullable URI shown(@Nullable URI page) {
    return page == null || page.toASCIIString().length() > room.address ? null : page;
  }

  private String shortened(List<Passage> passages) {
    return passages.stream().map(this::shortened).collect(Collectors.joining());
  }

  private String shortened(Passage passage) {
    return switch (passage.cut()) {
      case NOTHING -> passage.text();
      case MIDDLE -> Bounded.lines(passage.text(), room.answer);
      case FIRST_LINES -> lastLines(passage.text());
      case ALL -> passage.text().length() > room.address ? "" : passage.text();
    };
  }

  private String lastLines(String text) {
    return room.trace == 0
        ? ""
        : Bounded.lastLines(
                text.lines().filter(line -> !line.isBlank()).toList(), room.trace, room.address)
            .stream()
            .map(line -> "\n" + line)
            .collect(Collectors.joining());
  }
}
