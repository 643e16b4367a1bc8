package dev.portage.scoring;

import java.util.List;

/**
 * Asks what has been written into a live table since a run began that should not have written it.
 *
 * @param workspace where the table is
 * @param live its full name
 * @param before as it was before the run
 * @param batchId batch that the run was given
 * @param runs ids of the run and of its tasks
 */
public record LiveWritesQuery(
    String workspace, String live, LiveTable before, String batchId, List<Long> runs) {

  public LiveWritesQuery {
    runs = List.copyOf(runs);
  }
}
