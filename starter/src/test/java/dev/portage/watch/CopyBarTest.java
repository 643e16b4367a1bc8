package dev.portage.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.copy.CopyProgress;
import dev.portage.copy.CopyProgress.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyBarTest {
  private static final long MIB = 1 << 20;

  @Test
  void aCopyShowsBytesFilesRateAndRemainingTime() {
    assertThat(
            CopyBar.line(
                new CopyProgress(Phase.SENDING, 5, 8, 640 * MIB, 1024 * MIB, 192 * MIB, "0-4")))
        .isEqualTo(
            "sending ███████████████░░░░░░░░░  62 %  640 MiB of 1,024 MiB, 5 of 8 files,"
                + " 192 MiB/s, 2.0 s left");
  }

  @Test
  void noEstimateWithoutARate() {
    assertThat(CopyBar.line(new CopyProgress(Phase.DIGESTING, 0, 3, 0, 10)))
        .isEqualTo("digesting ░░░░░░░░░░░░░░░░░░░░░░░░   0 %  0 B of 10 B, 0 of 3 files");
  }

  @Test
  void concurrentPartitionsAreShownAsOneCopy() {
    assertThat(
            CopyBar.of(
                List.of(
                    copying(new CopyProgress(Phase.SENDING, 1, 2, 10, 20, 5L, "0")),
                    copying(null),
                    copying(new CopyProgress(Phase.SENDING, 3, 4, 30, 40, 6L, "2-4")))))
        .contains(new CopyProgress(Phase.SENDING, 4, 6, 40, 60, 11L, null));
    assertThat(CopyBar.of(List.of(copying(null)))).isEmpty();
  }

  @Test
  void aCopyOfEmptyFilesProgressesByFiles() {
    assertThat(CopyBar.part(new CopyProgress(Phase.SENDING, 1, 4, 0, 0))).isEqualTo(0.25);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0                | 0 B
          1023             | 1023 B
          1024             | 1 KiB
          1048575          | 1,023 KiB
          1073741824       | 1,024 MiB
          21474836480      | 20.0 GiB
          2199023255552    | 2,048.0 GiB
          """)
  void sizesAreInBinaryUnits(long bytes, String text) {
    assertThat(CopyBar.bytes(bytes)).isEqualTo(text);
  }

  private static Pending copying(@org.jspecify.annotations.Nullable CopyProgress progress) {
    return new Pending("1", "CopyPartition", 1, null, progress);
  }
}
