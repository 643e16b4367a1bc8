package dev.portage.versioncopy;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Fills in a {@link CopyView} by name; what is not named is null. */
public final class CopyViewBuilder {
  private final String id;
  private final CopyView.Phase phase;
  private final String from;
  private @Nullable String model;
  private @Nullable String version;
  private final String to;
  private @Nullable String toModel;
  private @Nullable String toVersion;
  private @Nullable String runId;
  private @Nullable Long files;
  private @Nullable Long bytes;
  private @Nullable Long sentBytes;
  private @Nullable String digest;
  private @Nullable String methods;
  private @Nullable URI page;

  CopyViewBuilder(String id, CopyView.Phase phase, String from, String to) {
    this.id = id;
    this.phase = phase;
    this.from = from;
    this.to = to;
  }

  /** Its full name there, null until the platform file was read. */
  public CopyViewBuilder model(@Nullable String model) {
    this.model = model;
    return this;
  }

  /** Its number there, null until it has been read. */
  public CopyViewBuilder version(@Nullable String version) {
    this.version = version;
    return this;
  }

  /** Full name there, null until the platform file was read. */
  public CopyViewBuilder toModel(@Nullable String toModel) {
    this.toModel = toModel;
    return this;
  }

  /** Its number there, null before it is registered. */
  public CopyViewBuilder toVersion(@Nullable String toVersion) {
    this.toVersion = toVersion;
    return this;
  }

  /** Run in the target that holds the files, null before the copy. */
  public CopyViewBuilder runId(@Nullable String runId) {
    this.runId = runId;
    return this;
  }

  /** Number of files, null until they were counted. */
  public CopyViewBuilder files(@Nullable Long files) {
    this.files = files;
    return this;
  }

  /** Their size together, null until they were counted. */
  public CopyViewBuilder bytes(@Nullable Long bytes) {
    this.bytes = bytes;
    return this;
  }

  /** Bytes that were sent in the end; 0 when all were there. Null before. */
  public CopyViewBuilder sentBytes(@Nullable Long sentBytes) {
    this.sentBytes = sentBytes;
    return this;
  }

  /** Of the manifest, null until it exists. */
  public CopyViewBuilder digest(@Nullable String digest) {
    this.digest = digest;
    return this;
  }

  /** By what ways it went, in one line, null before. */
  public CopyViewBuilder methods(@Nullable String methods) {
    this.methods = methods;
    return this;
  }

  /** Where people see the version in the target, or the run while there is none. */
  public CopyViewBuilder page(@Nullable URI page) {
    this.page = page;
    return this;
  }

  /** The record. */
  public CopyView build() {
    return new CopyView(
        id, phase, from, model, version, to, toModel, toVersion, runId, files, bytes, sentBytes,
        digest, methods, page);
  }
}
