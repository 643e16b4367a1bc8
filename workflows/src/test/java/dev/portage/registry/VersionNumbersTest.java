package dev.portage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionNumbersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                | ''
          1                 | 1
          4 3 2 1           | 1–4
          1 2               | 1–2
          1 2 2 4           | 1–2, 4
          7 9 10 11         | 7, 9–11
          1 3 5 7 9         | 1, 3, 5, 7, 9
          1 3 5 7 9 11 12   | 1, 3, 5, …, 11–12 (7 in all)
          """)
  void numbersAreShownAsRanges(String numbers, String shown) {
    List<Long> listed =
        numbers.isEmpty()
            ? List.of()
            : Arrays.stream(numbers.split(" ", -1)).map(Long::valueOf).toList();

    assertThat(VersionNumbers.shown(listed)).isEqualTo(shown);
  }
}
