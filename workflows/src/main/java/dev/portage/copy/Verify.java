package dev.portage.copy;

/** How a copy verifies what the target holds before a version is registered. */
public enum Verify {
  /** Every byte is read back and compared with the manifest. */
  FULL,
  /** The target's listing has exactly the files of the manifest, with their sizes. */
  SIZES
}
