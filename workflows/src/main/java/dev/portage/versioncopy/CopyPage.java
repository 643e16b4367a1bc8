package dev.portage.versioncopy;

import dev.portage.text.Bounded;
import dev.portage.text.Markdown;

/** What Temporal's Web UI shows about a copy: one line of Markdown. */
final class CopyPage {

  private CopyPage() {}

  /**
   * The page, at most {@link Bounded#PAGE} bytes.
   *
   * @param now what it is doing now, or its result
   */
  static String of(CopyView view, String now) {
    String model =
        view.model() == null
            ? ""
            : Markdown.code(Bounded.line(view.model(), Bounded.NAME))
                + (view.version() == null ? "" : " version " + words(view.version(), Bounded.NAME))
                + ", ";
    return "Copy from "
        + words(view.from(), Bounded.NAME)
        + " to "
        + words(view.to(), Bounded.NAME)
        + ": "
        + model
        + words(now, Bounded.ANSWER);
  }

  private static String words(String text, int bytes) {
    return Markdown.line(Bounded.line(text, bytes));
  }
}
