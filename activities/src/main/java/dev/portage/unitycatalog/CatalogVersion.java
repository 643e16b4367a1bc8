package dev.portage.unitycatalog;

import java.util.List;
import java.util.Map;

/**
 * A model version as Unity Catalog reports it.
 *
 * @param model registered model, in three parts
 * @param number its number
 * @param source what it was made of, such as {@code models:/m-…}; it may be of another workspace
 * @param runId run that it names, empty for none; it may be of another workspace
 * @param modelId logged model that it names, empty for none; it may be of another workspace
 * @param status {@code READY}, {@code PENDING_REGISTRATION} or {@code FAILED_REGISTRATION}
 * @param statusMessage why it failed, empty otherwise
 * @param storageLocation where its files are in the cloud, such as {@code abfss://…}; may be empty
 * @param aliases names that point at it; none in an answer to a search
 * @param tags all of them; none in an answer to a search
 */
record CatalogVersion(
    String model,
    long number,
    String source,
    String runId,
    String modelId,
    String status,
    String statusMessage,
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

  /** The number as it is written. */
  String version() {
    return String.valueOf(number);
  }

  /** Whether it is finished. */
  boolean isReady() {
    return status.equals(READY);
  }

  /** Whether it waits for its files. */
  boolean isPending() {
    return status.equals(PENDING);
  }

  /** Whether its registration failed. */
  boolean isFailed() {
    return status.equals(FAILED);
  }

  /** Its status, for use in a message. */
  String describe() {
    return (status.isEmpty() ? "unknown" : status)
        + (statusMessage.isEmpty() ? "" : ": " + statusMessage);
  }
}
