package dev.portage.store;

import dev.portage.copy.WriteCapabilities;
import java.util.List;
import java.util.Objects;

/** A folder to write files to. Thread-safe. */
public interface ArtifactSink {

  /**
   * Detects what writing supports here. Called once per attempt, before any multipart upload.
   *
   * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer
   */
  WriteCapabilities probeWrites();

  /**
   * Announces which files will be written, in about this order: where each needs its own grant,
   * many are requested at once. Files may also be written unannounced.
   */
  default void willWrite(List<String> paths) {}

  /**
   * Writes one whole file; replaces what was there under its name.
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
   * Continues an upload that another attempt started.
   *
   * @param token as {@link Upload#token} gave it
   * @throws UploadGone when it is known to be gone
   */
  Upload resume(String path, String token);

  /** One upload in parts. Safe for several threads. */
  interface Upload {

    /**
     * All that another process needs to continue it. It may grant access: it is sealed and appears
     * in no history, message or heartbeat.
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

  /** A multipart upload can't continue: it expired, was aborted, or never existed. */
  final class UploadGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With the store's own response, reported if a new upload does not help either.
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

    /** Bytes from memory, as often as needed. */
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
