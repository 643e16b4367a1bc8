package dev.portage.transfer;

/**
 * Bytes can turn on the way, and answers be cut: only what a store gives several times in a row,
 * the same each time, is what it holds. For one thing that is read.
 */
final class Readings {
  /** Of what is told of a source: the verdict ends the promotion. */
  static final int AT_SOURCE = 5;

  /** Of what is told of a target: what it holds wrong is sent again. */
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

  /** Whether there were so many readings that no more are worth it for now. */
  boolean isEndless() {
    return all >= MOST_READINGS;
  }
}
