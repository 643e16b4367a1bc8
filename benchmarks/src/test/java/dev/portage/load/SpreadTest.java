package dev.portage.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void theSlowestHundredthIsLeftOut() {
    Spread spread = Spread.of(IntStream.rangeClosed(1, 200).mapToObj(Duration::ofSeconds).toList());

    assertThat(spread).isEqualTo(new Spread(200, 100, 198, 200));
  }

  @Test
  void theLongestOfAFewIsTheSlowEnd() {
    assertThat(Spread.of(List.of(Duration.ofSeconds(3), Duration.ofSeconds(1))))
        .isEqualTo(new Spread(2, 1, 3, 3));
  }

  @Test
  void noSamplesGiveNoSpread() {
    assertThat(Spread.of(List.of())).isEqualTo(new Spread(0, 0, 0, 0));
  }
}
