package dev.portage.scoring;

import java.util.List;

/**
 * What has been written into a live table while a run went on. Maintenance that changes no row, and
 * what the table's history says that another job wrote, is not among it.
 *
 * @param writes a line each, as "version 12: WRITE by ana@example.com, 442 rows"; empty for nothing
 * @param ours whether it is known that the run wrote it: by its id in the table's history, or by
 *     rows of its batch
 */
public record LiveWrites(List<String> writes, Boolean ours) {

  public LiveWrites {
    writes = List.copyOf(writes);
  }

  /** Nothing was written. */
  public static LiveWrites none() {
    return new LiveWrites(List.of(), false);
  }
}
