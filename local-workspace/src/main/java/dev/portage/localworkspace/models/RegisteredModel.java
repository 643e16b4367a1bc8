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
 */
record RegisteredModel(
    String name,
    String owner,
    long made,
    long changed,
    @Nullable String description,
    @Nullable String deploymentJobId,
    int next,
    Map<String, String> tags,
    Map<String, Integer> aliases,
    Map<Integer, ModelVersion> versions) {

  RegisteredModel {
    tags = new TreeMap<>(tags);
    aliases = new TreeMap<>(aliases);
    versions = new TreeMap<>(versions);
  }

  RegisteredModel at(long time) {
    return new RegisteredModel(
        name, owner, made, time, description, deploymentJobId, next, tags, aliases, versions);
  }

  RegisteredModel described(@Nullable String text, @Nullable String job) {
    return new RegisteredModel(
        name,
        owner,
        made,
        changed,
        text == null ? description : text,
        job == null ? deploymentJobId : job,
        next,
        tags,
        aliases,
        versions);
  }

  /** With one more version, whose number is the next. */
  RegisteredModel plus(ModelVersion version) {
    RegisteredModel more = with(version);
    return new RegisteredModel(
        name,
        owner,
        made,
        changed,
        description,
        deploymentJobId,
        next + 1,
        tags,
        aliases,
        more.versions);
  }

  /** With a version in place of the one of its number. */
  RegisteredModel with(ModelVersion version) {
    Map<Integer, ModelVersion> all = new TreeMap<>(versions);
    all.put(version.number(), version);
    return new RegisteredModel(
        name, owner, made, changed, description, deploymentJobId, next, tags, aliases, all);
  }

  /** Without a version, and without the aliases on it. */
  RegisteredModel without(int number) {
    Map<Integer, ModelVersion> left = new TreeMap<>(versions);
    left.remove(number);
    Map<String, Integer> names = new TreeMap<>(aliases);
    names.values().removeIf(version -> version == number);
    return new RegisteredModel(
        name, owner, made, changed, description, deploymentJobId, next, tags, names, left);
  }

  RegisteredModel tagged(Map<String, String> all) {
    return new RegisteredModel(
        name, owner, made, changed, description, deploymentJobId, next, all, aliases, versions);
  }

  RegisteredModel named(Map<String, Integer> all) {
    return new RegisteredModel(
        name, owner, made, changed, description, deploymentJobId, next, tags, all, versions);
  }
}
