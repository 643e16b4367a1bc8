package dev.portage.command;

import dev.portage.page.ListPage;
import dev.portage.shortid.AmbiguousIdException;
import dev.portage.watch.PromotionList;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A short id that fits several promotions: they are listed, so that one can be picked. */
final class AmbiguousPage {

  private static final int MOST = 20;

  private AmbiguousPage() {}

  /**
   * The same as a JSON document.
   *
   * @param promotions those that it fits, newest first
   */
  record Document(
      @Nullable String id,
      ErrorDocument.Details error,
      int exit,
      List<PromotionList.Entry> promotions) {}

  static List<String> lines(AmbiguousIdException ambiguous, Clock clock) {
    List<PromotionList.Entry> found = ambiguous.found();
    List<String> lines = new ArrayList<>();
    lines.add(String.valueOf(ambiguous.getMessage()));
    new ListPage(clock)
        .lines(found.subList(0, Math.min(MOST, found.size())))
        .forEach(line -> lines.add("  " + line));
    if (found.size() > MOST) {
      lines.add("  and " + (found.size() - MOST) + " older ones");
    }
    return lines;
  }

  static Document document(AmbiguousIdException ambiguous, int exit) {
    ErrorDocument error =
        ErrorDocument.of(
            null, ErrorDocument.Code.AMBIGUOUS, String.valueOf(ambiguous.getMessage()), exit);
    return new Document(null, error.error(), exit, ambiguous.found());
  }
}
