package dev.portage.localworkspace.blobs;

import java.io.IOException;

/** The handler behind one prefix of a signed URL's path. */
interface Door {
  /** The first part of the path, such as {@code azure}. */
  String name();

  Dialect dialect();

  /** The refusal of a URL whose time is over. */
  BlobRefusal expired();

  /** The key of a place, as faults and the call log have it: without a container. */
  String key(String place);

  /**
   * Checks the signature, and carries out the request.
   *
   * @throws BlobRefusal in the store's words
   */
  void serve(BlobCall call) throws IOException, InterruptedException;
}
