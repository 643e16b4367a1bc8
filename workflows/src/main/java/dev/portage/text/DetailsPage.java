package dev.portage.text;

import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Table;
import dev.portage.text.MarkdownBlocks.Room;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A page as Temporal's Web UI shows it: Markdown of at most {@link Bounded#PAGE} bytes, with
 * moments in UTC. What people need to act is whole; other tables and lists are shortened, and say
 * how much they leave out.
 */
public final class DetailsPage {
  /** Where there is room, and where there is little. */
  private static final List<Room> ROOMS =
      List.of(new Room(1_000, 10, 4_000, 15, 300), new Room(200, 3, 1_000, 0, 300));

  private DetailsPage() {}

  /** The page. */
  public static String of(Page page) {
    SizedPage roomy = sized(page, ROOMS.getFirst());
    return (roomy.isRoomy() ? roomy : sized(page, ROOMS.getLast())).markdown();
  }

  /** One line of Markdown, as a page of its own. */
  public static String of(Line line) {
    MarkdownBlocks blocks = new MarkdownBlocks(ROOMS.getFirst(), DetailsPage::moment);
    String whole = blocks.line(line, Bounded.ANSWER);
    return Bounded.size(whole) <= Bounded.PAGE ? whole : blocks.line(line, Bounded.LINE);
  }

  private static SizedPage sized(Page page, Room room) {
    MarkdownBlocks blocks = new MarkdownBlocks(room, DetailsPage::moment);
    SizedPage sized = new SizedPage(Bounded.PAGE);
    add(sized, blocks, blocks.heading(2, page.title()), page.head(), true);
    for (Page.Section section : page.sections()) {
      add(sized, blocks, blocks.heading(3, section.title()), section.blocks(), false);
    }
    return sized;
  }

  /** A heading goes with what follows it: over nothing but a number it says nothing. */
  private static void add(
      SizedPage page, MarkdownBlocks blocks, String heading, List<Block> content, boolean isTitle) {
    String waiting = heading;
    boolean isWhole = isTitle;
    for (Block block : content) {
      switch (block) {
        case Table table when table.keep() != Keep.ESSENTIAL -> {
          String before = isWhole ? "" : waiting;
          if (isWhole) {
            page.whole(waiting);
          }
          page.table(before + blocks.head(table), table.keep(), width -> blocks.rows(table, width));
          waiting = "";
          isWhole = false;
        }
        case Items items when items.keep() != Keep.ESSENTIAL -> {
          String before = isWhole ? "" : waiting;
          if (isWhole) {
            page.whole(waiting);
          }
          page.list(before, items.keep(), width -> blocks.items(items, width));
          waiting = "";
          isWhole = false;
        }
        default -> {
          waiting += blocks.text(block);
          isWhole = true;
        }
      }
    }
    page.whole(waiting);
  }

  private static String moment(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES).toString();
  }
}
