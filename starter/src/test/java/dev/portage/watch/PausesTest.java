package dev.portage.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PausesTest {

  private final Pauses pauses = new Pauses(Duration.ofSeconds(2), Duration.ofSeconds(30));

  @Test
  void pausesDoubleUpToTheLongestWhileNothingChanges() {
    assertThat(List.of("a", "a", "a", "a", "a", "a", "a"))
        .extracting(seen -> pauses.after(seen).toSeconds())
        .containsExactly(2L, 4L, 8L, 16L, 30L, 30L, 30L);
  }

  @Test
  void aChangeResetsThePause() {
    assertThat(List.of("a", "a", "a", "b", "b", "a"))
        .extracting(seen -> pauses.after(seen).toSeconds())
        .containsExactly(2L, 4L, 8L, 2L, 4L, 2L);
    assertThat(pauses.afterNothing()).isEqualTo(Duration.ofSeconds(2));
    assertThat(pauses.after("a")).isEqualTo(Duration.ofSeconds(2));
  }
}
