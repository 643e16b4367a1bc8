package dev.portage.document;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The result of reading a file: its content, or everything that is wrong with it. */
public sealed interface Reading<T> {

  /** A file without fault. */
  record Good<T>(T value) implements Reading<T> {}

  /**
   * A file that must be fixed.
   *
   * @param errors at least one, in order of lines; of very many the first, and how many more
   */
  record Wrong<T>(List<ValidationError> errors) implements Reading<T> {

    /** Nobody reads more at once, and one mistake can cause hundreds. */
    private static final int MOST = 20;

    public Wrong {
      if (errors.isEmpty()) {
        throw new IllegalArgumentException("a wrong file needs at least one error");
      }
      // One more than the first ones: a list that was cut before is not cut again.
      errors = errors.size() > MOST + 1 ? first(errors) : List.copyOf(errors);
    }

    private static List<ValidationError> first(List<ValidationError> errors) {
      ValidationError next = errors.get(MOST);
      List<ValidationError> first = new ArrayList<>(errors.subList(0, MOST));
      first.add(
          new ValidationError(
              next.file(),
              next.line(),
              "",
              "and " + (errors.size() - MOST) + " more errors from here on",
              null,
              "fix the first ones, then check again"));
      return List.copyOf(first);
    }
  }

  /** Continues with the content, if there is any. */
  default <R> Reading<R> then(Function<? super T, Reading<R>> next) {
    return switch (this) {
      case Good<T>(T value) -> next.apply(value);
      case Wrong<T>(List<ValidationError> errors) -> new Wrong<>(errors);
    };
  }

  /** What is wrong; empty for a good file. */
  default List<ValidationError> faults() {
    return switch (this) {
      case Good<T> _ -> List.of();
      case Wrong<T>(List<ValidationError> errors) -> errors;
    };
  }
}
