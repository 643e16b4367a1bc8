package dev.portage.localworkspace.blobs;

/** What a signed URL may be used for. */
public enum Access {
  /** Reading one file. */
  READ,
  /** Writing one file. */
  WRITE
}
