package dev.portage.localworkspace.models;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A version as stored.
 *
 * @param maker who made it
 * @param made in milliseconds of the epoch
 * @param changed in milliseconds of the epoch
 * @param workspaceId of the workspace that the run is in
 * @param ready whether its files are all there
 * @param key where its files begin in a blob store
 */
record ModelVersion(
    int number,
    String maker,
    long made,
    long changed,
    @Nullable String description,
    String source,
    @Nullable String runId,
    @Nullable String workspaceId,
    @Nullable String modelId,
    boolean ready,
    String key,
    Map<String, String> tags) {

  ModelVersion {
    tags = new TreeMap<>(tags);
  }

  ModelVersion at(long time) {
    return with(description, time, ready, tags);
  }

  ModelVersion described(String text) {
    return with(text, changed, ready, tags);
  }

  ModelVersion finished() {
    return with(description, changed, true, tags);
  }

  ModelVersion tagged(Map<String, String> all) {
    return with(description, changed, ready, all);
  }

  private ModelVersion with(
      @Nullable String text, long time, boolean isReady, Map<String, String> all) {
    return new ModelVersion(
        number, maker, made, time, text, source, runId, workspaceId, modelId, isReady, key, all);
  }
}
