package dev.portage.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecheckTest {

  private final List<Long> pauses = new ArrayList<>();

  @Test
  void doesNotWaitForWhatIsShownImmediately() {
    assertThat(look("new")).isEqualTo("new");
    assertThat(pauses).isEmpty();
  }

  @Test
  void looksAgainWithGrowingPausesUntilItShows() {
    assertThat(look("old", "old", "old", "new")).isEqualTo("new");
    assertThat(pauses).containsExactly(300L, 600L, 1200L);
  }

  @Test
  void givesUpWithTheLastLookWhenItNeverShows() {
    assertThat(look("a", "b", "c", "d", "e", "f")).isEqualTo("e");
    assertThat(pauses.stream().mapToLong(Long::longValue).sum()).isEqualTo(4_000);
  }

  @Test
  void doesNotRetryALookThatFails() {
    assertThatThrownBy(() ->
            new Recheck(Duration.ofSeconds(4), Duration.ofMillis(300), Duration.ofSeconds(3))
                .until(
                    () -> {
                      throw new IllegalStateException("no response");
                    },
                    _ -> false,
                    time -> pauses.add(time.toMillis())))
        .hasMessage("no response");
    assertThat(pauses).isEmpty();
  }

  private String look(String... shown) {
    Iterator<String> looks = List.of(shown).iterator();
    return new Recheck(Duration.ofSeconds(4), Duration.ofMillis(300), Duration.ofSeconds(3))
        .until(looks::next, "new"::equals, time -> pauses.add(time.toMillis()));
  }
}
