package dev.portage.document;

import java.util.List;
import java.util.function.Function;

/** What reading a file came to: its content, or everything that is wrong with it. */
public sealed interface Reading<T> {

  /** A file without fault. */
  record Good<T>(T value) implements Reading<T> {}

  /**
   * A file that must be mended.
   *
   * @param complaints at least one, in order of lines
   */
  record Wrong<T>(List<Complaint> complaints) implements Reading<T> {
    public Wrong {
      complaints = List.copyOf(complaints);
      if (complaints.isEmpty()) {
        throw new IllegalArgumentException("a file is wrong only with a complaint");
      }
    }
  }

  /** Goes on with the content, if there is any. */
  default <R> Reading<R> then(Function<? super T, Reading<R>> next) {
    return switch (this) {
      case Good<T>(T value) -> next.apply(value);
      case Wrong<T>(List<Complaint> complaints) -> new Wrong<>(complaints);
    };
  }

  /** What is wrong; empty for a good file. */
  default List<Complaint> faults() {
    return switch (this) {
      case Good<T> _ -> List.of();
      case Wrong<T>(List<Complaint> complaints) -> complaints;
    };
  }
}
