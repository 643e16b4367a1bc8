package dev.portage.document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What can be read of a file though some of it is refused, so that all that is wrong can be told at
 * once.
 *
 * @param value the content without what is refused; null where nothing is left to check
 * @param errors what is refused, and why
 * @param refuses whether the value at a JSON pointer is refused, or part of one that is
 */
public record Partly<T>(
    @Nullable T value, List<ValidationError> errors, Predicate<String> refuses) {

  public Partly {
    errors = List.copyOf(errors);
  }

  /** A file of which nothing can be read. */
  static <T> Partly<T> nothing(List<ValidationError> errors) {
    return new Partly<>(null, errors, _ -> true);
  }

  /** Reads on in what there is. What is said of a refused value again is left out. */
  public <R> Partly<R> then(Function<? super T, Partly<R>> next) {
    if (value == null) {
      return new Partly<>(null, errors, refuses);
    }
    Partly<R> read = next.apply(value);
    return new Partly<>(
        read.value(), with(read.errors()), pointer -> refuses(pointer) || read.refuses(pointer));
  }

  /** Whether the value at a JSON pointer is refused, or part of one that is. */
  public boolean refuses(String pointer) {
    return refuses.test(pointer);
  }

  /** All errors, with further ones but for those of refused values; in order of lines. */
  public List<ValidationError> with(List<ValidationError> more) {
    List<ValidationError> all = new ArrayList<>(errors);
    more.stream()
        .filter(error -> !refuses(error.path()))
        .filter(error -> !all.contains(error))
        .forEach(all::add);
    all.sort(Comparator.comparingInt(ValidationError::line));
    return List.copyOf(all);
  }

  /** The content of a file without fault, or everything that is wrong with it. */
  public Reading<T> reading() {
    return value == null || !errors.isEmpty()
        ? new Reading.Wrong<>(with(List.of()))
        : new Reading.Good<>(value);
  }
}
