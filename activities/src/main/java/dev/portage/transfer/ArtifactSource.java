package dev.portage.transfer;

import java.util.List;

/** A folder of files that can be read. Safe for several threads. */
public interface ArtifactSource {

  /**
   * All files below, in every depth; empty when the folder is not there.
   *
   * @throws io.temporal.failure.ApplicationFailure when the store refuses or does not answer, when
   *     a name is one that is not carried, or when the listing does not end
   */
  List<ArtifactFile> list();

  /**
   * Reads one file from its start.
   *
   * @return what the reader made of it
   * @throws io.temporal.failure.ApplicationFailure when the store refuses, does not answer, or
   *     breaks off, also while the reader reads
   */
  <T> T read(String path, Reader<T> reader);

  /** Takes a file's bytes. */
  @FunctionalInterface
  interface Reader<T> {
    /** Reads as far as it likes; the stream is closed by the caller. */
    T read(Stream stream);
  }

  /** The bytes of one file. */
  @FunctionalInterface
  interface Stream {
    /** Reads some bytes to the front of the buffer; answers how many, or -1 at the end. */
    int read(byte[] buffer);
  }
}
