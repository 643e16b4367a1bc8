package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    assertThat(page.lines().filter(line -> line.contains("| " + FailuresPage.DID_NOT_RUN + " |")))
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
                  .filter(cell -> cell.whyNot().isEmpty() && !cell.strikesOthers()))
          .as(operation.name())
          .hasSize((int) worst);
    }
  }

  @Test
  void anExpressionThatMatchesNoCellIsRefused() {
    assertThatThrownBy(() -> Matrix.requireAnyToPlay("promotion, prod/coppy: .*"))
        .hasMessageContaining("no cell's name matches promotion, prod/coppy: .*");
    assertThatCode(() -> Matrix.requireAnyToPlay("rollback, champion: .*"))
        .doesNotThrowAnyException();
  }

  @Test
  void anAttemptCountsForAFaultOnlyInItsWords() {
    String slow = "Champion passed at attempt 2 after \"activity StartToClose timeout\"";

    assertThat(List.of(Fault.values()).stream().filter(fault -> Reaction.isOf(fault, slow)))
        .containsExactly(Fault.HANGS);
    assertThat(
            Reaction.isOf(
                Fault.BUSY,
                "Copy failed with \"create a run failed in workspace prod: 429: injected\""))
        .isTrue();
  }

  @Test
  void whatPeopleDidIsAlwaysShown() {
    assertThat(Reaction.and("", List.of("ordered again"))).isEqualTo("ordered again");
    assertThat(Reaction.and("Mark failed", List.of("resumed"))).isEqualTo("Mark failed; resumed");
    assertThat(Reaction.and("Mark failed", List.of())).isEqualTo("Mark failed");
  }

  @Test
  void aCancelThatCameTooLateIsShownBeforeAllElse() {
    assertThat(Reaction.ofCancel("broke a limit", List.of("seen", "cancelled, but too late")))
        .containsExactly("cancelled, but too late", "broke a limit", "seen");
    assertThat(Reaction.ofCancel("cancelled", List.of("put back")))
        .containsExactly("cancelled", "put back");
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
