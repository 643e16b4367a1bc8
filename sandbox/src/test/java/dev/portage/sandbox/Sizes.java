package dev.portage.sandbox;

/**
 * How large the large things of tests are: as large as it takes to see what they show, and as large
 * as promised once a release, under {@code -Pstack}. The build says which.
 */
public final class Sizes {
  /** Files of a copy that several workers share: more than one activity carries alone. */
  public static final int MANY_FILES = Integer.getInteger("portage.test.many-files", 4_100);

  /** Files of one partition of it. */
  public static final int PARTITION_FILES = Integer.getInteger("portage.test.partition-files", 500);

  /** GiB of a model that fits into no memory. */
  public static final int LARGE_GIB = Integer.getInteger("portage.test.large-gib", 4);

  private Sizes() {}
}
