package dev.portage.sandbox;

/**
 * How large the large test data is: as large as needed to show the point, and as large as promised
 * once a release, under {@code -Pstack}. The build sets which.
 */
public final class Sizes {
  /** Files of a copy that several workers share: more than one activity copies alone. */
  public static final int MANY_FILES = Integer.getInteger("portage.test.many-files", 4_100);

  /** Files in one of its partitions. */
  public static final int PARTITION_FILES = Integer.getInteger("portage.test.partition-files", 500);

  /** GiB of a model that doesn't fit into memory. */
  public static final int LARGE_GIB = Integer.getInteger("portage.test.large-gib", 4);

  /** Whether each fault is tried everywhere, instead of where it is worst. */
  public static final boolean EVERYTHING = Boolean.getBoolean("portage.test.everything");

  private Sizes() {}
}
