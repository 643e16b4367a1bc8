package dev.portage.sandbox.failures;

import org.jspecify.annotations.Nullable;

/**
 * What happened in a cell.
 *
 * @param cell its name
 * @param reaction what Portage did
 * @param outcome what is live at the end
 * @param millis how long the operation took with the fault
 * @param problem what was wrong with it, null if it passed
 */
public record Happened(
    String cell, String reaction, String outcome, long millis, @Nullable String problem) {

  static Happened passed(Cell cell, String reaction, String outcome, long millis) {
    return new Happened(cell.name(), reaction, outcome, millis, null);
  }

  static Happened failed(Cell cell, long millis, String problem) {
    return new Happened(cell.name(), "", "", millis, problem);
  }
}
