package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.registry.Tags;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExcerptTest {

  @Test
  void keepsOurTagsCompletelyAndAFewShortOnesOfThousands() {
    Map<String, String> tags = new HashMap<>();
    for (int i = 0; i < 5000; i++) {
      tags.put("team " + i, "x".repeat(1000));
    }
    tags.put("a large one", "y".repeat(1_000_000));
    tags.put(Tags.PROMOTION, "promotion/churn/abc");
    tags.put(Tags.LINEAGE, "line\n".repeat(1000));

    Map<String, String> kept = Excerpt.tags(tags);

    assertThat(kept)
        .hasSize(32)
        .containsEntry(Tags.PROMOTION, "promotion/churn/abc")
        .containsEntry(Tags.LINEAGE, "line\n".repeat(1000));
    assertThat(kept.get("a large one")).hasSizeLessThan(300);
    assertThat(kept.toString()).hasSizeLessThan(20_000);
  }

  @Test
  void aFewTagsAreKeptAsTheyAre() {
    Map<String, String> tags = Map.of("team", "risk", Tags.COMMIT, "abc");

    assertThat(Excerpt.tags(tags)).isEqualTo(tags);
  }
}
