package dev.portage.sandbox.failures;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The page docs/failures.md, of the matrix and what happened in it. */
final class FailuresPage {

  /** What it says of a cell that nobody played. */
  static final String DID_NOT_RUN = "did not run";

  private static final String HEAD =
      """
      # Failures

      <!-- Made of what ran by build/failures; do not edit. -->

      Each fault strikes each step once, on real MLflow servers and the real Temporal server, while a champion is live. Whatever happens,
      the result must be all new or all old: one version, one job, one run and one set of rows, nothing that points at a second one, and a champion
      that answers throughout. The tests ask the servers themselves, not Portage. `build/failures` plays every cell and writes this page;
      `./mvnw verify` plays the worst ones. A cell that has not run yet says so.

      A promotion that is terminated runs no more code; people start it again. What it had created by then stays, once each: its version, its runs and,
      if its champion was live and its batch published, its rows, next to those of the promotion that was started again. Anything else that people had to do
      is in the row.

      Where the model is served, requests to its endpoint never stop, and none may fail because of a fault or of the cutover: the old version
      answers until the new one does. A version that does not start, or that answers wrongly or slowly, is taken back, and people are told why.

      A watched version turns bad in each cell of its watch, once what strikes the looks is over. It must be taken back by one rollback, and its model be
      held once. A watch that is cancelled or terminated before that watches no more: a person goes back, or the version stays.

      """;

  private FailuresPage() {}

  static String of(List<Happened> happened) {
    Map<String, Happened> byCell = new HashMap<>();
    happened.forEach(one -> byCell.merge(one.cell(), one, FailuresPage::worse));
    StringBuilder page = new StringBuilder(HEAD).append(ran(byCell));
    for (Operation operation : Matrix.OPERATIONS) {
      for (Fault fault : Fault.values()) {
        if (Matrix.of(operation).stream().noneMatch(cell -> cell.fault() == fault)) {
          continue;
        }
        page.append("## ")
            .append(capitalized(operation.name()))
            .append(": ")
            .append(fault.title())
            .append("\n\n| step | reaction | outcome | seconds |\n|---|---|---|---|\n");
        Matrix.of(operation).stream()
            .filter(cell -> cell.fault() == fault)
            .forEach(cell -> page.append(row(cell, byCell.get(cell.name()))));
        page.append('\n');
      }
    }
    return page.toString().stripTrailing() + "\n";
  }

  /** How much of it ran. */
  private static String ran(Map<String, Happened> byCell) {
    List<String> all =
        Matrix.OPERATIONS.stream()
            .flatMap(operation -> Matrix.of(operation).stream())
            .filter(cell -> cell.whyNot().isEmpty())
            .map(Cell::name)
            .toList();
    long ran = all.stream().filter(byCell::containsKey).count();
    long passed =
        all.stream()
            .flatMap(name -> Stream.ofNullable(byCell.get(name)))
            .filter(happened -> happened.problem() == null)
            .count();
    return ran
        + " of "
        + all.size()
        + " cells ran, and "
        + passed
        + " passed. Times are those of the machine that ran them, with other cells beside them.\n\n";
  }

  /** A cell may be played several times; a failure counts. */
  private static Happened worse(Happened one, Happened other) {
    return one.problem() != null ? one : other;
  }

  private static String row(Cell cell, @Nullable Happened happened) {
    String step = "| " + cell.point().name() + " | ";
    if (cell.whyNot().isPresent()) {
      return step + "– | " + cell.whyNot().get() + " | – |\n";
    }
    if (happened == null) {
      return step + "– | " + DID_NOT_RUN + " | – |\n";
    }
    String outcome =
        happened.problem() == null ? happened.outcome() : "**failed**: " + happened.problem();
    return step
        + inTable(happened.reaction())
        + " | "
        + inTable(outcome)
        + " | "
        + String.format(Locale.ROOT, "%.0f", happened.millis() / 1000.0)
        + " |\n";
  }

  private static String inTable(String text) {
    return text.replaceAll("\\s+", " ").replace("|", "\\|").replace("<", "&lt;");
  }

  private static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
