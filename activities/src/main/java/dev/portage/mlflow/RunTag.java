package dev.portage.mlflow;

import java.util.List;
import java.util.stream.Stream;

/**
 * A tag to search by.
 *
 * @param also what other tags of theirs hold
 */
public record RunTag(String key, String value, List<RunFilter.Also> also) {

  public RunTag {
    also = List.copyOf(also);
  }

  /** That one alone. */
  public RunTag(String key, String value) {
    this(key, value, List.of());
  }

  /** Of these, those that hold this in another tag as well. */
  public RunTag and(String otherKey, String otherValue) {
    return with(new RunFilter.Also(otherKey, otherValue, true));
  }

  /** Of these, those that hold something else in another tag. */
  public RunTag butNot(String otherKey, String otherValue) {
    return with(new RunFilter.Also(otherKey, otherValue, false));
  }

  private RunTag with(RunFilter.Also one) {
    return new RunTag(key, value, Stream.concat(also.stream(), Stream.of(one)).toList());
  }
}
