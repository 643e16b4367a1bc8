package dev.portage.transfer;

/** A folder that files can be written to. Safe for several threads. */
public interface ArtifactSink {

  /**
   * Writes one file whole; what was there under its name is replaced.
   *
   * @param size in bytes; the body must write exactly as many
   * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer
   */
  void write(String path, long size, Body body);

  /** Gives a file's bytes. */
  @FunctionalInterface
  interface Body {
    /** Writes all bytes. What it throws ends the upload and reaches the caller unchanged. */
    void writeTo(Stream stream);
  }

  /** Where a file's bytes go. */
  @FunctionalInterface
  interface Stream {
    /** Writes the first bytes of the buffer. */
    void write(byte[] buffer, int length);
  }
}
