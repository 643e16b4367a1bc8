package dev.portage.step;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portage.serving.TrafficShare;
import dev.portage.text.Bounded;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step as people see it.
 *
 * @param name such as "train" or "prod/copy"
 * @param state the result
 * @param attempt business attempt, from 1; grows with each resume that has to repeat it
 * @param started when it began, null when it has not
 * @param ended when it ended, null when it has not
 * @param result what it made, one line; null before
 * @param page where that can be seen, null when nowhere
 * @param progress how far it has come while it runs, and how far it had come when it failed; null
 *     where it does not say, and once it is done
 */
public record StepView(
    String name,
    State state,
    int attempt,
    @Nullable Instant started,
    @Nullable Instant ended,
    @JsonProperty("made") @Nullable String result,
    @Nullable URI page,
    @Nullable StepProgress progress) {

  public StepView {
    name = Bounded.line(name, Bounded.NAME);
    result = result == null ? null : Bounded.line(result, Bounded.LINE);
    page = Bounded.address(page);
  }

  /** One that is still to come. */
  static StepView toCome(String name) {
    return new StepView(name, State.PENDING, 1, null, null, null, null, null);
  }

  /** What it made, or how far it has come while it runs; null where there is nothing to say. */
  public @Nullable String line() {
    StepProgress reached = progress;
    return state == State.RUNNING && reached != null ? reached.says() : result;
  }

  /** What it tells of the traffic while it runs; null where it tells nothing. */
  public @Nullable TrafficShare traffic() {
    StepProgress reached = progress;
    return state == State.RUNNING && reached != null ? reached.traffic() : null;
  }

  /** The state of a step. */
  public enum State {
    PENDING,
    RUNNING,
    DONE,
    FAILED,
    /** Left out, since the file does not ask for it. */
    SKIPPED
  }
}
