package dev.portage.document;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What reading a file came to: its content, or everything that is wrong with it. */
public sealed interface Reading<T> {

  /** A file without fault. */
  record Good<T>(T value) implements Reading<T> {}

  /**
   * A file that must be fixed.
   *
   * @param complaints at least one, in order of lines; of very many the first, and how many more
   */
  record Wrong<T>(List<Complaint> complaints) implements Reading<T> {

    /** Nobody reads more at once, and one mistake can cause hundreds. */
    private static final int MOST = 20;

    public Wrong {
      if (complaints.isEmpty()) {
        throw new IllegalArgumentException("a file is wrong only with a complaint");
      }
      // One more than the first ones: a list that was cut before is not cut again.
      complaints = complaints.size() > MOST + 1 ? first(complaints) : List.copyOf(complaints);
    }

    private static List<Complaint> first(List<Complaint> complaints) {
      Complaint next = complaints.get(MOST);
      List<Complaint> first = new ArrayList<>(complaints.subList(0, MOST));
      first.add(
          new Complaint(
              next.file(),
              next.line(),
              "",
              "and " + (complaints.size() - MOST) + " more errors from here on",
              null,
              "fix the first ones, then check again"));
      return List.copyOf(first);
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
