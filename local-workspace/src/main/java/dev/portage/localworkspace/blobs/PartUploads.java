package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.util.SortedMap;

/** A store with multipart uploads in its own protocol: only S3. */
public interface PartUploads {
  /** Begins an upload, and gives its id. */
  String begin(String key) throws IOException;

  /** Signs the URL of one part. */
  SignedUrl signPart(String key, String upload, int part);

  /** Signs the URL that ends the upload without a file. */
  SignedUrl signAbort(String key, String upload);

  /**
   * Makes the file of its parts.
   *
   * @param etags by part number
   * @throws PartsRefused when they don't make a file
   */
  void complete(String key, String upload, SortedMap<Integer, String> etags)
      throws IOException, PartsRefused;

  /** Why parts make no file. */
  final class PartsRefused extends Exception {
    private final String code;

    PartsRefused(String code, String text) {
      super(code + ": " + text);
      this.code = code;
    }

    /** The store's word for it, such as {@code InvalidPart}. */
    public String code() {
      return code;
    }
  }
}
