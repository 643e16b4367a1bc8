package dev.portage.sandbox.failures;

import dev.portage.sandbox.Sizes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Every cell, and those that each build plays. */
public final class Matrix {

  /** What changes production. */
  static final List<Operation> OPERATIONS =
      List.of(
          new PromotionUnderFaults(),
          new ServingUnderFaults(),
          new CutoverInTrouble(),
          new RollbackUnderFaults(),
          new ServedRollbackUnderFaults(),
          new WatchUnderFaults());

  private Matrix() {}

  /** All of an operation, in order, those that don't exist included. */
  static List<Cell> of(Operation operation) {
    List<Cell> cells = new ArrayList<>();
    for (Point point : operation.points()) {
      for (Fault fault : Fault.values()) {
        if (point.isTrouble() == (fault == Fault.TROUBLE)) {
          cells.add(new Cell(point, fault));
        }
      }
    }
    return cells;
  }

  static boolean isAmongTheWorst(Operation operation, Cell cell) {
    return operation.worst().getOrDefault(cell.point().name(), Set.of()).contains(cell.fault());
  }

  /**
   * Fails if the regular expression that names the cells to play names none: whoever wrote it would
   * take that for a pass.
   */
  static void requireAnyToPlay(String only) {
    if (OPERATIONS.stream().allMatch(operation -> toPlay(operation, only).isEmpty())) {
      throw new IllegalArgumentException(
          "no cell's name matches "
              + only
              + "; one is \"promotion, prod/copy: token expires\"; kills are played all at once,"
              + " without an expression");
    }
  }

  /** The regular expression that names the cells to play; "" for those of each build. */
  static String only() {
    return Objects.requireNonNullElse(System.getProperty("portage.test.cells"), "");
  }

  /**
   * Those of an operation to play, kills aside.
   *
   * @param only see {@link #only}
   */
  static List<Cell> toPlay(Operation operation, String only) {
    return of(operation).stream()
        .filter(cell -> cell.whyNot().isEmpty() && !cell.strikesOthers())
        .filter(cell ->
            only.isEmpty()
                ? Sizes.EVERYTHING || isAmongTheWorst(operation, cell)
                : cell.name().matches(only))
        // What takes longest begins first: a lane waits out what a terminated holder may write.
        .sorted(Comparator.comparing(cell -> cell.fault() != Fault.HOLDER_TERMINATED))
        .toList();
  }
}
