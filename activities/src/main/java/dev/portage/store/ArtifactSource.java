package dev.portage.store;

import dev.portage.copy.ReadCapabilities;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder of files that can be read. Safe for several threads. A store whose reads need grants
 * that expire (signed addresses, tokens) drops one that was refused: the next request gets another,
 * also in the middle of a file.
 *
 * <p>Failures are {@link io.temporal.failure.ApplicationFailure}s that hold no credential and,
 * where a server answered, its HTTP status (see {@link dev.portage.failure.Failures#statusOf}): by
 * 429 and 503 the engine slows down, by 404 it knows that a file is not there.
 */
public interface ArtifactSource {

  /**
   * Finds out by asking what reading can do here. Asked once an attempt, before any read by range.
   *
   * @param sample a file that is there, the smallest that is not empty; null where there is none
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
   * Tells which files will be read, in about this order: where each needs a grant of its own, many
   * are asked for at once. Files may be read without.
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
   * @throws io.temporal.failure.ApplicationFailure as above, also when other bytes come than were
   *     asked for
   */
  <T> T read(String path, long offset, long length, Reader<T> reader);

  /** Takes a file's bytes. */
  @FunctionalInterface
  interface Reader<T> {
    /** Reads as far as it likes; the stream is closed by the caller. */
    T read(Stream stream);

    /**
     * Decides about requests for the rest of a body that broke off. A store continues a body by
     * itself only while bytes come; once a request brought none, it is for the reader to retry.
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
