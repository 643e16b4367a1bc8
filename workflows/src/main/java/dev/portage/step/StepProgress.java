package dev.portage.step;

import dev.portage.text.Bounded;
import org.jspecify.annotations.Nullable;

/**
 * How far a running step has come.
 *
 * @param text in a few words, such as "3 of 8 partitions" or "25 % of requests"
 * @param percent of the whole step, 0 to 100; null where nobody can say
 */
public record StepProgress(String text, @Nullable Integer percent) {

  public StepProgress {
    text = Bounded.line(text, Bounded.LINE);
    percent = percent == null ? null : Math.clamp(percent, 0, 100);
  }

  /** One whose share of the whole is not known. */
  public static StepProgress of(String text) {
    return new StepProgress(text, null);
  }

  /**
   * One of a known share.
   *
   * @param done what is done
   * @param whole all of it, in the same unit; 0 counts as done
   */
  public static StepProgress of(String text, long done, long whole) {
    return new StepProgress(
        text, whole <= 0 ? 100 : (int) Math.clamp(done * 100.0 / whole, 0, 100));
  }
}
