package dev.portage.tracking;

import java.util.Map;

/**
 * Tags to set on a run.
 *
 * @param workspace where the run is
 * @param runId the run
 * @param tags keys without dots, so that every registry takes them
 */
public record RunLabels(String workspace, String runId, Map<String, String> tags) {

  public RunLabels {
    tags = Map.copyOf(tags);
  }
}
