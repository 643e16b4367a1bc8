package dev.portage.temporal;

import io.temporal.common.converter.DataConverterException;
import org.jspecify.annotations.Nullable;

/** The input a workflow was started with. */
public final class Given {

  private Given() {}

  /**
   * The same. Temporal passes null if a workflow is started without an input. Such a workflow ends,
   * like one whose input can't be read: otherwise it would fail its task again and again, and block
   * its id for a correct start.
   *
   * @param wanted type of the input, for the message
   * @throws DataConverterException when there is none
   */
  public static <T> T input(@Nullable T input, Class<T> wanted) {
    if (input == null) {
      throw new DataConverterException(
          "started without input; expected: " + wanted.getSimpleName());
    }
    return input;
  }
}
