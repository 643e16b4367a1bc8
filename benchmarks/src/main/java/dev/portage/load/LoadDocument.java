package dev.portage.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The generated part of docs/benchmarks.md; the rest is written by hand. */
final class LoadDocument {
  static final String BEGIN = "<!-- what follows is written by benchmarks/run load -->\n";
  static final String END = "<!-- to here -->\n";

  private LoadDocument() {}

  /**
   * Puts results into a document, in place of those before.
   *
   * @throws LoadException when the document does not say where
   */
  static void write(Path document, LoadResults results) throws IOException {
    String text = Files.readString(document, StandardCharsets.UTF_8);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END, Math.max(begin, 0));
    if (begin < 0 || end < 0) {
      throw new LoadException(
          document
              + " has no place for results; it needs the lines "
              + BEGIN.strip()
              + " "
              + END.strip());
    }
    Files.writeString(
        document,
        text.substring(0, begin + BEGIN.length()) + "\n" + of(results) + text.substring(end),
        StandardCharsets.UTF_8);
  }

  /** Results as Markdown, the aims first. */
  static String of(LoadResults results) {
    StringBuilder text = new StringBuilder();
    text.append("Measured on ")
        .append(results.machine())
        .append(", size ")
        .append(results.size().name().toLowerCase(Locale.ROOT))
        .append(".\n\n| target | measured | at most | |\n|---|---|---|---|\n");
    for (Outcome outcome : results.outcomes()) {
      for (Aim aim : outcome.aims()) {
        text.append(
            String.format(
                Locale.ROOT,
                "| %s: %s | %.3g%s | %.3g%s | %s |%n",
                outcome.scenario(),
                aim.what(),
                aim.value(),
                aim.unit(),
                aim.limit(),
                aim.unit(),
                aim.reached() ? "reached" : "**not reached**"));
      }
    }
    text.append('\n');
    results.outcomes().forEach(outcome -> text.append(LoadReport.of(outcome)).append('\n'));
    return text.toString();
  }
}
