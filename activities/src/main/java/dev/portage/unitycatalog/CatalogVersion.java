package dev.portage.unitycatalog;

import java.util.List;
import java.util.Map;

/**
 * A model version as Unity Catalog reports it.
 *
 * @param model registered model, in three parts
 * @param number its number
 * @param origin what it was made of
 * @param state how far its registration is
 * @param storageLocation where its files are in the cloud, such as {@code abfss://…}; may be empty
 * @param aliases names that point at it; none in an answer to a search
 * @param tags all of them; none in an answer to a search
 */
record CatalogVersion(
    String model,
    long number,
    Origin origin,
    State state,
    String storageLocation,
    List<String> aliases,
    Map<String, String> tags) {
  private static final String PENDING = "PENDING_REGISTRATION";
  private static final String FAILED = "FAILED_REGISTRATION";
  private static final String READY = "READY";

  CatalogVersion {
    aliases = List.copyOf(aliases);
    tags = Map.copyOf(tags);
  }

  /**
   * What a version was made of; all of it may be of another workspace.
   *
   * @param source such as {@code models:/m-…}
   * @param runId run that it names, empty for none
   * @param modelId logged model that it names, empty for none
   */
  record Origin(String source, String runId, String modelId) {}

  /**
   * How far a registration is.
   *
   * @param status {@code READY}, {@code PENDING_REGISTRATION} or {@code FAILED_REGISTRATION}
   * @param message why it failed, empty otherwise
   */
  record State(String status, String message) {}

  /** What it was made of, such as {@code models:/m-…}. */
  String source() {
    return origin.source();
  }

  /** Run that it names, empty for none. */
  String runId() {
    return origin.runId();
  }

  /** Logged model that it names, empty for none. */
  String modelId() {
    return origin.modelId();
  }

  /** The number as it is written. */
  String version() {
    return String.valueOf(number);
  }

  /** Whether it is finished. */
  boolean isReady() {
    return state.status().equals(READY);
  }

  /** Whether it waits for its files. */
  boolean isPending() {
    return state.status().equals(PENDING);
  }

  /** Whether its registration failed. */
  boolean isFailed() {
    return state.status().equals(FAILED);
  }

  /** Its status, for use in a message. */
  String describe() {
    return (state.status().isEmpty() ? "unknown" : state.status())
        + (state.message().isEmpty() ? "" : ": " + state.message());
  }
}
