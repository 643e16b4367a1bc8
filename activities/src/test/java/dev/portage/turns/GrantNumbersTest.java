package dev.portage.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.lane.Grant;
import dev.portage.lane.GrantTag;
import dev.portage.lane.TurnRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GrantNumbersTest {

  private final Map<String, String> tags = new HashMap<>();
  private final GrantNumbers numbers =
      new GrantNumbers(
          new ModelTags() {
            @Override
            public Optional<String> read(String workspace, String model, String key) {
              return Optional.ofNullable(tags.get(key));
            }

            @Override
            public void write(String workspace, String model, String key, String value) {
              tags.put(key, value);
            }
          });

  @Test
  void numbersGrowAndNameTheirHolder() {
    assertThat(numbers.newestGrant(request("1"))).isEmpty();
    assertThat(numbers.nextGrant(request("1"))).isEqualTo(new Grant(request("1"), 1L));
    assertThat(numbers.nextGrant(request("2"))).isEqualTo(new Grant(request("2"), 2L));
    assertThat(numbers.newestGrant(request("1"))).contains(new Grant(request("2"), 2L));
    assertThat(tags).containsEntry(GrantTag.KEY, "2 prod-1 run-2 promotion/m/2");
  }

  @Test
  void aRepeatAfterALostResponseKeepsTheNumber() {
    numbers.nextGrant(request("1"));
    assertThat(numbers.nextGrant(request("1")).number()).isEqualTo(1);
  }

  @Test
  void aTagThatSomeoneChangedIsReportedAndNotGuessedAt() {
    tags.put(GrantTag.KEY, "soon");
    assertThatThrownBy(() -> numbers.nextGrant(request("1")))
        .hasMessageContaining("it reads \"soon\"")
        .hasMessageContaining("portage resume promotion/m/1");
  }

  private static TurnRequest request(String name) {
    return new TurnRequest("prod", "m", "promotion/m/" + name, "prod-1", "run-" + name);
  }
}
