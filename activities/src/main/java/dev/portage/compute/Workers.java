package dev.portage.compute;

import org.jspecify.annotations.Nullable;

/**
 * Workers in addition to the driver.
 *
 * @param least how many there are at least; 0 is a single node
 * @param most how many there are at most, null where their number is fixed
 */
public record Workers(int least, @Nullable Integer most) {
  static final String SINGLE_NODE = "single node";

  public Workers {
    if (least < 0 || (most != null && most < Math.max(1, least))) {
      throw new IllegalArgumentException("no such workers: " + least + " to " + most);
    }
  }

  /** As many, always. */
  public static Workers fixed(int number) {
    return new Workers(number, null);
  }

  /** Whether the driver does all the work. */
  public boolean isSingleNode() {
    return least == 0 && most == null;
  }

  /** In words for people. */
  public String text() {
    if (isSingleNode()) {
      return SINGLE_NODE;
    }
    return most == null
        ? least + (least == 1 ? " worker" : " workers")
        : least + " to " + most + " workers";
  }
}
