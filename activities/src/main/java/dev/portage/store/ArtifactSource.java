package dev.portage.store;

import dev.portage.copy.ReadCapabilities;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder of files to read. Thread-safe. A store whose reads need expiring grants (signed URLs,
 * tokens) renews them itself, even in the middle of a file.
 *
 * <p>Failures are {@link io.temporal.failure.ApplicationFailure}s that contain no credential and,
 * if a server responded, its HTTP status (see {@link dev.portage.failure.Failures#statusOf}): 429
 * and 503 make the engine slow down, 404 tells it that a file is missing.
 */
public interface ArtifactSource {

  /**
   * Detects what reading supports here. Called once per attempt, before any ranged read.
   *
   * @param sample an existing file, the smallest that is not empty; null if there is none
   * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer
   */
  ReadCapabilities probeReads(@Nullable String sample);

  /**
   * All files below, in every depth; empty when the folder is not there.
   *
   * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer, when
   *     a name is one that is not carried, or when the listing does not end
   */
  List<ArtifactFile> list();

  /**
   * Announces which files will be read, in about this order: where each needs its own grant, many
   * are requested at once. Files may also be read unannounced.
   *
   * @param files by their sizes it is known how long a first byte may take
   */
  default void willRead(List<ArtifactFile> files) {}

  /**
   * Reads one file from its start.
   *
   * @return what the reader made of it
   * @throws io.temporal.failure.ApplicationFailure when the store refuses, does not answer, or
   *     breaks off, also while the reader reads
   */
  <T> T read(String path, Reader<T> reader);

  /**
   * Reads some bytes of a file; only where {@link ReadCapabilities#ranges} was found.
   *
   * @param offset of the first byte
   * @param length number of bytes, at least 1; the stream ends after them
   * @throws io.temporal.failure.ApplicationFailure as above, also if other bytes arrive than were
   *     requested
   */
  <T> T read(String path, long offset, long length, Reader<T> reader);

  /** Takes a file's bytes. */
  @FunctionalInterface
  interface Reader<T> {
    /** Reads as much as it needs; the caller closes the stream. */
    T read(Stream stream);

    /**
     * Decides about requests for the rest of a body that broke off. A store continues a body itself
     * only while bytes arrive; once a request brought none, the reader decides about retries.
     *
     * @return one for each time that the body broke off after bytes had come
     */
    default Retry retry() {
      return Retry.NEVER;
    }
  }

  /** The bytes of one file, or of a range of it. */
  @FunctionalInterface
  interface Stream {
    /** Reads some bytes to the front of the buffer; answers how many, or -1 at the end. */
    int read(byte[] buffer);
  }
}
