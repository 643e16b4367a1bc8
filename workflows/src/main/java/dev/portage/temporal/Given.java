package dev.portage.temporal;

import io.temporal.common.converter.DataConverterException;
import org.jspecify.annotations.Nullable;

/** What a workflow is started with. */
public final class Given {

  private Given() {}

  /**
   * The same. Temporal hands over null where a workflow is started without an input. Such a one
   * ends, as one whose input can't be read: it would fail its task again and again, and keep its id
   * from whoever starts it rightly.
   *
   * @param wanted type of the input, for the message
   * @throws DataConverterException when there is none
   */
  public static <T> T input(@Nullable T input, Class<T> wanted) {
    if (input == null) {
      throw new DataConverterException(
          "started without an input; wanted: " + wanted.getSimpleName());
    }
    return input;
  }
}
