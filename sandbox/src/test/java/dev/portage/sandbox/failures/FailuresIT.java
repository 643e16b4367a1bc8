package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.sandbox.OwnsTheWorld;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.Together;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The fault matrix, but for killed workers, which are in {@code DeathIT}. */
@OwnsTheWorld(busy = true)
class FailuresIT {

  @TestFactory
  @Tag("S1.10")
  @Tag("S1.12")
  @Tag("S1.34")
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  List<DynamicTest> theEndIsFullyNewOrFullyOld() throws Exception {
    Matrix.requireAnyToPlay(Matrix.only());
    assumeThat(TheWorld.world().temporal().ui())
        .as("a real Temporal server, see build/temporal")
        .isPresent();
    List<CompletableFuture<List<DynamicTest>>> all =
        Matrix.OPERATIONS.stream()
            .map(operation -> Together.begin(() -> played(operation)))
            .toList();
    // Within this method, which is what the timeout is for, and both before either one's failure.
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get();
    return all.stream().flatMap(one -> one.join().stream()).toList();
  }

  private static List<DynamicTest> played(Operation operation) {
    List<Cell> cells = Matrix.toPlay(operation, Matrix.only());
    Map<Cell, Happened> happened = Players.play(operation, cells);
    return cells.stream()
        .map(cell ->
            DynamicTest.dynamicTest(
                cell.name(),
                () -> {
                  Happened came = happened.get(cell);
                  assertThat(came == null ? "was not played" : came.problem())
                      .as(cell.name())
                      .isNull();
                }))
        .toList();
  }
}
