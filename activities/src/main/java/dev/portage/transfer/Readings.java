package dev.portage.transfer;

/**
 * Bytes can be corrupted on the way, and responses truncated: only what a store returns several
 * times in a row, the same each time, is what it holds. One object for each thing that is read.
 */
final class Readings {
  /** For a source: the verdict ends the promotion. */
  static final int AT_SOURCE = 5;

  /** For a target: whatever is wrong there is sent again. */
  static final int AT_TARGET = 3;

  /** Readings that differ each time say that it is the way that is bad. */
  private static final int MOST_READINGS = 20;

  private final int alike;
  private String before = "";
  private int same;
  private int all;

  /** Settled by so many readings that are alike. */
  Readings(int alike) {
    this.alike = alike;
  }

  /** Another reading was wrong; whether that is what is held. */
  boolean isSettled(WrongBytes wrong) {
    same = wrong.seen().equals(before) ? same + 1 : 1;
    before = wrong.seen();
    all++;
    return same >= alike;
  }

  /** Whether enough has been read for now. */
  boolean isEndless() {
    return all >= MOST_READINGS;
  }
}
