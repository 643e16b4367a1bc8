package dev.portage.store;

import dev.portage.copy.WriteCapabilities;
import java.util.List;
import java.util.Objects;

/**
 * A folder that files can be written to. Safe for several threads. A grant that was refused is
 * dropped, and the write fails: the next one gets another.
 */
public interface ArtifactSink {

  /**
   * Finds out by asking what writing can do here. Asked once an attempt, before any upload in
   * parts.
   *
   * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer
   */
  WriteCapabilities probeWrites();

  /**
   * Tells which files will be written, in about this order: where each needs a grant of its own,
   * many are asked for at once. Files may be written without.
   */
  default void willWrite(List<String> paths) {}

  /**
   * Writes one file whole; what was there under its name is replaced.
   *
   * @param size in bytes; the body must write exactly as many
   * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer
   */
  void write(String path, long size, Body body);

  /**
   * Deletes one file; one that is not there is fine.
   *
   * @return false where the store lets nobody delete
   * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer
   */
  boolean delete(String path);

  /**
   * Begins an upload in parts; only where {@link WriteCapabilities#parts} was found. Nothing is
   * seen under the file's name before it is completed.
   *
   * @param size of the file in bytes
   * @param partBytes size of each part but the last
   * @param parts how many
   * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer
   */
  Upload begin(String path, long size, long partBytes, int parts);

  /**
   * Takes up an upload that another attempt began.
   *
   * @param token as {@link Upload#token} gave it
   * @throws UploadGone when it is known to be gone
   */
  Upload resume(String path, String token);

  /** One upload in parts. Safe for several threads. */
  interface Upload {

    /**
     * All that is needed to go on with it in another process. It may grant access: it is kept
     * sealed and stands in no history, message or heartbeat.
     */
    String token();

    /**
     * Sends one part; sending it again replaces it.
     *
     * @param number from 1
     * @param size in bytes; the body must write exactly as many
     * @return what {@link #complete} needs to know of it, no credential; may be empty
     * @throws UploadGone when the upload expired or is gone, and can't be renewed
     * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer
     */
    String part(int number, long size, Body body);

    /**
     * Makes the file of its parts.
     *
     * @param tags what {@link #part} returned, in the order of the parts
     * @throws UploadGone when the upload is gone
     */
    void complete(List<String> tags);

    /** Gives it up; what is gone already is fine. */
    void abort();
  }

  /** An upload in parts can't go on: it expired, was given up, or was never there. */
  final class UploadGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With the store's own answer, told when a new upload does not help either.
     *
     * @param why an {@link io.temporal.failure.ApplicationFailure} without any credential
     */
    public UploadGone(RuntimeException why) {
      super("the upload is gone", why);
    }

    /** The store's own answer. */
    public RuntimeException why() {
      return (RuntimeException) Objects.requireNonNull(getCause());
    }
  }

  /** Gives a file's bytes, or those of a part. */
  @FunctionalInterface
  interface Body {
    /** Writes all bytes. What it throws ends the upload and reaches the caller unchanged. */
    void writeTo(Stream stream);

    /** Whether it can be written more than once. */
    default boolean isRepeatable() {
      return false;
    }

    /** Bytes from memory, as often as they are asked for. */
    static Body of(byte[] bytes) {
      return new Body() {
        @Override
        public void writeTo(Stream stream) {
          stream.write(bytes, bytes.length);
        }

        @Override
        public boolean isRepeatable() {
          return true;
        }
      };
    }
  }

  /** Where bytes go. */
  @FunctionalInterface
  interface Stream {
    /** Writes the first bytes of the buffer. */
    void write(byte[] buffer, int length);
  }
}
