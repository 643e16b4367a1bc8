package dev.portage.localworkspace.models;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A registered model as stored.
 *
 * @param name {@code catalog.schema.model}
 * @param owner who made it
 * @param made in milliseconds of the epoch
 * @param changed in milliseconds of the epoch
 * @param next the number of the next version: numbers grow and come once
 * @param aliases version by alias
 * @param versions those there are, by number
 * @param deploymentJob id of the job that a new version starts, null for none
 */
record RegisteredModel(
    String name,
    String owner,
    long made,
    long changed,
    @Nullable String description,
    int next,
    Map<String, String> tags,
    Map<String, Integer> aliases,
    Map<Integer, ModelVersion> versions,
    @Nullable String deploymentJob) {

  RegisteredModel {
    tags = new TreeMap<>(tags);
    aliases = new TreeMap<>(aliases);
    versions = new TreeMap<>(versions);
  }

  RegisteredModel at(long time) {
    return toBuilder().changed(time).build();
  }

  /** With one more version, whose number is the next. */
  RegisteredModel plus(ModelVersion version) {
    return with(version).toBuilder().next(next + 1).build();
  }

  /** With a version in place of the one of its number. */
  RegisteredModel with(ModelVersion version) {
    Map<Integer, ModelVersion> all = new TreeMap<>(versions);
    all.put(version.number(), version);
    return toBuilder().versions(all).build();
  }

  /** Without a version, and without the aliases on it. */
  RegisteredModel without(int number) {
    Map<Integer, ModelVersion> left = new TreeMap<>(versions);
    left.remove(number);
    Map<String, Integer> names = new TreeMap<>(aliases);
    names.values().removeIf(version -> version == number);
    return toBuilder().aliases(names).versions(left).build();
  }

  /** With what is given; an empty job is none. */
  RegisteredModel updated(@Nullable String words, @Nullable String job) {
    Builder builder = toBuilder();
    builder.description = words == null ? description : words;
    return builder.deploymentJob(job == null ? deploymentJob : job).build();
  }

  RegisteredModel tagged(Map<String, String> all) {
    return toBuilder().tags(all).build();
  }

  RegisteredModel named(Map<String, Integer> all) {
    return toBuilder().aliases(all).build();
  }

  /** One to be filled in; what is not named is null or empty. */
  static Builder of(String name, String owner, long made) {
    return new Builder(name, owner, made);
  }

  /** This one, to be changed. */
  private Builder toBuilder() {
    Builder builder = new Builder(name, owner, made);
    builder.changed = changed;
    builder.description = description;
    builder.next = next;
    builder.tags = tags;
    builder.aliases = aliases;
    builder.versions = versions;
    builder.deploymentJob = deploymentJob;
    return builder;
  }

  /** Fills in the components by name. */
  static final class Builder {
    private final String name;
    private final String owner;
    private final long made;
    private long changed;
    private @Nullable String description;
    private int next = 1;
    private Map<String, String> tags = Map.of();
    private Map<String, Integer> aliases = Map.of();
    private Map<Integer, ModelVersion> versions = Map.of();
    private @Nullable String deploymentJob;

    private Builder(String name, String owner, long made) {
      this.name = name;
      this.owner = owner;
      this.made = made;
      this.changed = made;
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

    /** The number of the next version: numbers grow and come once. */
    Builder next(int next) {
      this.next = next;
      return this;
    }

    /** All of its tags. */
    Builder tags(Map<String, String> tags) {
      this.tags = tags;
      return this;
    }

    /** Version by alias. */
    Builder aliases(Map<String, Integer> aliases) {
      this.aliases = aliases;
      return this;
    }

    /** Its versions, by number. */
    Builder versions(Map<Integer, ModelVersion> versions) {
      this.versions = versions;
      return this;
    }

    /** Id of the job that a new version starts; null or empty for none. */
    Builder deploymentJob(@Nullable String id) {
      this.deploymentJob = id == null || id.isEmpty() ? null : id;
      return this;
    }

    /** What was filled in. */
    RegisteredModel build() {
      return new RegisteredModel(
          name, owner, made, changed, description, next, tags, aliases, versions, deploymentJob);
    }
  }
}
