package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.RealServers;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The page about failures has each cell of the matrix, and no other. */
class FailuresPageTest {

  @Test
  void theCommittedPageHasEachCellAndNoOther() throws IOException {
    String committed = Files.readString(RealServers.root().resolve("docs/failures.md"));

    assertThat(cells(committed))
        .as("docs/failures.md is out of date: run build/failures")
        .isEqualTo(cells(FailuresPage.of(List.of())));
    assertThat(committed).doesNotContain("**failed**");
  }

  @Test
  void whatDidNotRunSaysSo() {
    Cell played = cell(Fault.BUSY);
    String page =
        FailuresPage.of(
            List.of(Happened.passed(played, "waits", "fully new: version 2 is live", 4_600)));

    assertThat(page).contains("| train | waits | fully new: version 2 is live | 5 |");
    long exist =
        Matrix.OPERATIONS.stream()
            .flatMap(operation -> Matrix.of(operation).stream())
            .filter(cell -> cell.whyNot().isEmpty())
            .count();
    assertThat(page.lines().filter(line -> line.contains(FailuresPage.DID_NOT_RUN)))
        .hasSize((int) exist - 1);
  }

  @Test
  void aFailureCountsThoughAnotherTimeItPassed() {
    Cell cell = cell(Fault.HANGS);

    String page =
        FailuresPage.of(
            List.of(
                Happened.failed(cell, 1_000, "two\nversions | of it"),
                Happened.passed(cell, "waits", "fully new", 1_000)));

    assertThat(page).contains("**failed**: two versions \\| of it").doesNotContain("fully new |");
  }

  @Test
  void theWorstOnesExist() {
    for (Operation operation : Matrix.OPERATIONS) {
      long worst = operation.worst().values().stream().mapToLong(Set::size).sum();
      assertThat(
              Matrix.of(operation).stream()
                  .filter(cell -> Matrix.isAmongTheWorst(operation, cell))
                  .filter(cell -> cell.whyNot().isEmpty() && !cell.fault().isKill()))
          .as(operation.name())
          .hasSize((int) worst);
    }
  }

  private static Cell cell(Fault fault) {
    return Matrix.of(new PromotionUnderFaults()).stream()
        .filter(cell -> cell.fault() == fault && cell.point().name().equals("train"))
        .findFirst()
        .orElseThrow();
  }

  /** Headings and steps, and why there is no such cell. */
  private static List<Map.Entry<String, String>> cells(String page) {
    List<Map.Entry<String, String>> cells = new ArrayList<>();
    String heading = "";
    for (String line : page.lines().toList()) {
      if (line.startsWith("## ")) {
        heading = line;
      } else if (line.startsWith("| ")) {
        String[] columns = line.split(" \\| ", -1);
        boolean missing = columns[1].equals("–") && !columns[2].equals(FailuresPage.DID_NOT_RUN);
        cells.add(Map.entry(heading, columns[0] + (missing ? ": " + columns[2] : "")));
      }
    }
    return cells;
  }
}
