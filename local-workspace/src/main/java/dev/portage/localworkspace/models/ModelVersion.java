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
    return toBuilder().changed(time).build();
  }

  ModelVersion finished() {
    return toBuilder().ready(true).build();
  }

  ModelVersion tagged(Map<String, String> all) {
    return toBuilder().tags(all).build();
  }

  /** One to be filled in; what is not named is null or empty. */
  static Builder of(int number, String maker, long made, String source, String key) {
    return new Builder(number, maker, made, source, key);
  }

  /** This one, to be changed. */
  private Builder toBuilder() {
    Builder builder = new Builder(number, maker, made, source, key);
    builder.changed = changed;
    builder.description = description;
    builder.runId = runId;
    builder.workspaceId = workspaceId;
    builder.modelId = modelId;
    builder.ready = ready;
    builder.tags = tags;
    return builder;
  }

  /** Fills in the components by name. */
  static final class Builder {
    private final int number;
    private final String maker;
    private final long made;
    private long changed;
    private @Nullable String description;
    private final String source;
    private @Nullable String runId;
    private @Nullable String workspaceId;
    private @Nullable String modelId;
    private boolean ready;
    private final String key;
    private Map<String, String> tags = Map.of();

    private Builder(int number, String maker, long made, String source, String key) {
      this.number = number;
      this.maker = maker;
      this.made = made;
      this.changed = made;
      this.source = source;
      this.key = key;
    }

    /** When it changed, in milliseconds of the epoch. */
    Builder changed(long changed) {
      this.changed = changed;
      return this;
    }

    /** What people wrote about it, null for nothing. */
    Builder description(@Nullable String description) {
      this.description = description;
      return this;
    }

    /**
     * The run it was made of, the workspace that the run is in, and the logged model; null for
     * none.
     */
    Builder run(@Nullable String runId, @Nullable String workspaceId, @Nullable String modelId) {
      this.runId = runId;
      this.workspaceId = workspaceId;
      this.modelId = modelId;
      return this;
    }

    /** Whether its files are all there. */
    Builder ready(boolean ready) {
      this.ready = ready;
      return this;
    }

    /** All of its tags. */
    Builder tags(Map<String, String> tags) {
      this.tags = tags;
      return this;
    }

    /** What was filled in. */
    ModelVersion build() {
      return new ModelVersion(
          number,
          maker,
          made,
          changed,
          description,
          source,
          runId,
          workspaceId,
          modelId,
          ready,
          key,
          tags);
    }
  }
}
