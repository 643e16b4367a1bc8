package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.candidate.ManifestFile;
import dev.portage.copy.PartLimits;
import dev.portage.copy.Partition;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PartitionsTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  @Test
  void partitionsEndAtTheLimitOfBytesOrFiles() {
    assertThat(Partitions.of(files(5, 5, 5, 1, 1, 1, 1), 10, 3))
        .containsExactly(new Partition(0, 2, 10), new Partition(2, 5, 7), new Partition(5, 7, 2));
  }

  @Test
  void aFileLargerThanAPartitionGetsItsOwn() {
    assertThat(Partitions.of(files(1, 100, 1), 10, 3))
        .containsExactly(new Partition(0, 1, 1), new Partition(1, 2, 100), new Partition(2, 3, 1));
  }

  @Test
  void aHundredThousandFilesMakeAFewHundredPartitionsThatMissNone() {
    List<ManifestFile> files =
        IntStream.range(0, 100_000)
            .mapToObj(i -> new ManifestFile("f" + i, 20 * MIB + i, "", List.of()))
            .toList();

    List<Partition> partitions = Partitions.of(files, Partition.MOST_BYTES, Partition.MOST_FILES);

    assertThat(partitions).hasSizeBetween(100, 200);
    assertThat(partitions.stream().mapToInt(Partition::files).sum()).isEqualTo(100_000);
    assertThat(partitions.stream().mapToLong(Partition::bytes).sum())
        .isEqualTo(files.stream().mapToLong(ManifestFile::size).sum());
    for (int i = 1; i < partitions.size(); i++) {
      assertThat(partitions.get(i).from()).isEqualTo(partitions.get(i - 1).to());
    }
  }

  @Test
  void aPlanDoesNotGrowWithTheNumberOfLargeFiles() {
    List<ManifestFile> files =
        IntStream.range(0, 100_000)
            .mapToObj(i -> new ManifestFile("f" + i, 17 * GIB, "", List.of()))
            .toList();

    List<Partition> partitions = Partitions.of(files);

    assertThat(partitions).hasSizeBetween(100, 600);
    assertThat(partitions.stream().mapToInt(Partition::files).sum()).isEqualTo(100_000);
    assertThat(Partitions.of(files.subList(0, 20))).as("a model as they are").hasSize(20);
  }

  @Test
  void anUploadsPartsAreTheManifestsPartsOrSeveralOfThem() {
    ManifestFile file = new ManifestFile("w", 10 * GIB, "", List.of());

    assertThat(PartPlan.of(file, new PartLimits(5 * MIB, 4 * GIB, 10_000)).orElseThrow())
        .satisfies(plan -> {
          assertThat(plan.partBytes()).isEqualTo(64 * MIB);
          assertThat(plan.parts()).isEqualTo(160);
        });
    assertThat(PartPlan.of(file, new PartLimits(5 * MIB, 4 * GIB, 50)).orElseThrow())
        .satisfies(plan -> {
          assertThat(plan.partBytes()).isEqualTo(256 * MIB);
          assertThat(plan.parts()).isEqualTo(40);
        });
    assertThat(PartPlan.of(file, new PartLimits(5 * MIB, 100 * MIB, 50)))
        .as("a store that can't hold it in parts gets it whole")
        .isEmpty();
  }

  @Test
  void theCursorIsShortWhileFinishedPartsAreContiguous() {
    Cursor cursor = new Cursor();
    IntStream.range(0, 4000).filter(i -> i != 7).forEach(cursor::add);
    assertThat(cursor.text()).isEqualTo("0-6,8-3999");

    Cursor next = Cursor.of(cursor.text());
    assertThat(next.has(6)).isTrue();
    assertThat(next.has(7)).isFalse();
    assertThat(Cursor.of("nonsense,5-2,99999999").text()).isNull();
  }

  private static List<ManifestFile> files(long... sizes) {
    return LongStream.of(sizes)
        .mapToObj(size -> new ManifestFile("f", size, "", List.of()))
        .toList();
  }
}
