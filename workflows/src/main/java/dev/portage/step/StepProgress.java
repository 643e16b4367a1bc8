package dev.portage.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.serving.TrafficShare;
import dev.portage.text.Bounded;
import dev.portage.text.Line;
import org.jspecify.annotations.Nullable;

/**
 * How far a running step has come.
 *
 * @param text one line, such as "3 of 8 files"
 * @param percent of the whole step, 0 to 100; null where nobody can say
 * @param traffic the share of the traffic that a new version has; null for a step that moves none
 */
public record StepProgress(
    String text,
    @Nullable Integer percent,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TrafficShare traffic) {

  public StepProgress {
    text = Bounded.line(text, Bounded.LINE);
    percent = percent == null ? null : Math.clamp(percent, 0, 100);
  }

  /** One that moves no traffic. */
  public StepProgress(String text, @Nullable Integer percent) {
    this(text, percent, null);
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

  /**
   * One that moves traffic.
   *
   * @param text what else there is to say, such as what the last look has seen
   */
  public static StepProgress of(TrafficShare traffic, String text) {
    return new StepProgress(text, traffic.percent(), traffic);
  }

  /** All of it in one line, for logs and documents. */
  public String says() {
    return traffic == null ? text : traffic.text() + "; " + text;
  }

  /** The same for a page. */
  public Line line() {
    return traffic == null ? Line.text(text) : traffic.line().andWords("; ").andText(text);
  }
}
