package dev.portage.page;

import dev.portage.text.Block;
import dev.portage.text.Block.Advice;
import dev.portage.text.Block.Code;
import dev.portage.text.Block.Command;
import dev.portage.text.Block.Commands;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import dev.portage.text.Bounded;
import dev.portage.text.Durations;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A page as lines for a terminal, all of it. */
public final class TerminalPage {
  private static final String INDENT = "  ";

  /** Names in one line. */
  private static final int NAMES = 10;

  private final Clock clock;

  /** Shows times in a clock's zone. */
  public TerminalPage(Clock clock) {
    this.clock = clock;
  }

  /** All lines. */
  public List<String> lines(Page page) {
    List<String> lines = new ArrayList<>();
    lines.add(text(page.title()));
    lines.addAll(head(page.head()));
    lines.addAll(lines(page.sections()));
    return lines;
  }

  /** Lines of what comes before the first section. */
  public List<String> head(List<Block> blocks) {
    return blocks.stream().flatMap(block -> lines(block, INDENT).stream()).toList();
  }

  /** Lines of what stands below the title of a section. */
  public List<String> body(List<Block> blocks) {
    return blocks.stream().flatMap(block -> lines(block, INDENT + INDENT).stream()).toList();
  }

  /** Lines of some sections, an empty one before each. */
  public List<String> lines(List<Section> sections) {
    List<String> lines = new ArrayList<>();
    for (Section section : sections) {
      lines.add("");
      lines.addAll(lines(section));
    }
    return lines;
  }

  /** Lines of one section. */
  public List<String> lines(Section section) {
    List<String> lines = new ArrayList<>();
    lines.add(INDENT + text(section.title()));
    lines.addAll(body(section.blocks()));
    return lines;
  }

  private List<String> lines(Block block, String indent) {
    return switch (block) {
      case Paragraph(Line line) -> List.of(indent + text(line));
      case Items items -> items.items().stream().map(item -> indent + "- " + text(item)).toList();
      case Table table -> columns(table).lines(indent);
      case Code code ->
          TerminalText.lines(code.text()).stream().map(line -> indent + line).toList();
      case Advice(String advice) ->
          TerminalText.lines(advice).stream().map(line -> indent + line).toList();
      case Commands(List<Command> commands) -> commands(commands, indent);
    };
  }

  private Columns columns(Table table) {
    boolean sentences = !table.head().isEmpty() && table.head().getLast().equals(Table.CHANGES);
    Columns columns = new Columns(sentences);
    if (table.head().stream().anyMatch(name -> !name.isEmpty())) {
      columns.row(table.head());
    }
    table.rows().forEach(row -> columns.row(row.stream().map(this::text).toList()));
    return columns;
  }

  private static List<String> commands(List<Command> commands, String indent) {
    int width = commands.stream().mapToInt(command -> command.does().length()).max().orElse(0);
    return commands.stream()
        .map(command ->
            indent
                + command.does()
                + ": "
                + " ".repeat(width - command.does().length())
                + TerminalText.cell(command.line()))
        .toList();
  }

  /** A line on its own. */
  public String line(Line line) {
    return text(line);
  }

  private String text(Line line) {
    return line.spans().stream().map(this::text).collect(Collectors.joining());
  }

  private String text(Span span) {
    return switch (span) {
      case Span.Words(String words) -> words;
      case Span.Text(String text) -> TerminalText.cell(text);
      case Span.Code(String text) -> TerminalText.cell(text);
      case Span.Link link -> TerminalText.cell(link.text());
      case Span.Names(List<String> names) -> TerminalText.cell(Bounded.listed(names, ", ", NAMES));
      case Span.Moment moment -> Moments.text(moment.at(), clock);
      case Span.Took took -> Durations.text(took.time());
    };
  }
}
