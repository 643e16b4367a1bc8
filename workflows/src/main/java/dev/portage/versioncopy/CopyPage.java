package dev.portage.versioncopy;

import dev.portage.text.DetailsPage;
import dev.portage.text.Line;
import dev.portage.text.Span;

/** What Temporal's Web UI shows about a copy: one line of Markdown. */
final class CopyPage {

  private CopyPage() {}

  /**
   * The page, at most {@link dev.portage.text.Bounded#PAGE} bytes.
   *
   * @param now what it is doing now, or its result
   */
  static String of(CopyView view, String now) {
    Line line =
        Line.words("Copy from ")
            .andText(view.from())
            .andWords(" to ")
            .andText(view.to())
            .andWords(": ");
    if (view.model() != null) {
      line = line.and(new Span.Code(view.model()));
      if (view.version() != null) {
        line = line.andWords(" version ").andText(view.version());
      }
      line = line.andWords(", ");
    }
    return DetailsPage.of(line.andText(now));
  }
}
