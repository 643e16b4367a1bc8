package dev.portage.scoring;

import java.util.List;

/**
 * How rows fit into the live table of a later workspace.
 *
 * @param table which table
 * @param misfits what publishing would refuse, one sentence for each column or constraint; empty
 *     where they fit
 * @param added columns that publishing would add to the table
 */
public record Fit(String table, List<String> misfits, List<String> added) {

  public Fit {
    misfits = List.copyOf(misfits);
    added = List.copyOf(added);
  }
}
