package dev.portage.localworkspace.blobs;

import java.io.IOException;

/** What stands behind one beginning of a signed URL's path. */
interface Door {
  /** The first part of the path, as {@code azure}. */
  String name();

  Dialect dialect();

  /** The refusal of a URL whose time is over. */
  BlobRefusal expired();

  /** The key of a place, as faults and the call log have it: without a container. */
  String key(String place);

  /**
   * Checks the signature, and does what is asked for.
   *
   * @throws BlobRefusal in the store's words
   */
  void serve(BlobCall call) throws IOException, InterruptedException;
}
