package dev.portage.settings;

/** What is checked of the predictions that a scoring run of a promotion has written. */
public enum PredictionCheck {
  /**
   * The rows of the batch, one by one: they name the version and the promotion, and have a
   * prediction. The table needs the columns for it.
   */
  ROWS,

  /** That the table exists and is not empty, if its columns allow no more. */
  TABLE,

  /** Nothing, where the scoring writes no table. */
  NONE;

  /** Whether the rows of a batch can be told apart. */
  public boolean isOfRows() {
    return this == ROWS;
  }
}
