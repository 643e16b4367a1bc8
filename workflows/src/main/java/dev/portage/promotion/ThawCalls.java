package dev.portage.promotion;

/** Counts the messages that freezes were ended, so that none is missed between two looks. */
final class ThawCalls {
  private int count;

  /** One came. */
  void came() {
    count++;
  }

  /** How many came so far in this run of the workflow. */
  int count() {
    return count;
  }
}
