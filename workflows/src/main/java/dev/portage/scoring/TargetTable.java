package dev.portage.scoring;

/**
 * A live table of a later workspace, which rows must fit into.
 *
 * @param workspace where it is
 * @param table its full name there
 * @param shape what it takes
 */
public record TargetTable(String workspace, String table, TableShape shape) {

  /** How messages name it. */
  public String shown() {
    return table + " in " + workspace;
  }
}
