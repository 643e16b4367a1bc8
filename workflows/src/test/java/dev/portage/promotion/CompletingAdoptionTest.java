package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.adopt.AdoptStart;
import dev.portage.live.LiveState;
import dev.portage.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of a release that an endpoint is added to. */
@Timeout(180)
class CompletingAdoptionTest extends AdoptionScene {

  private static final String NO_JOB = "no scoring job is recorded";
  private static final LiveState CHAMPION =
      new LiveState("champion", true, "3", "version 3", Map.of(), null);
  private static final LiveState JOB =
      new LiveState(
          "batch",
          true,
          "3",
          "job 7 with version 3",
          Map.of("name", "scoring", "model", "diabetes", "id", "7", "hash", "h"),
          null);

  @BeforeEach
  void threeIsLiveAndServed() {
    live("3");
    world.endpoints.byHand("diabetes", FakeEndpoints.served("3", 100));
  }

  @Test
  void aReleaseThatHasAScoringJobIsNotSaidToHaveNone() {
    recorded(JOB, CHAMPION);

    assertThat(remarks()).noneMatch(remark -> remark.contains(NO_JOB));
  }

  @Test
  void aReleaseWithoutOneIsSaidToHaveNone() {
    recorded(LiveState.none("batch", "nothing"), CHAMPION);

    assertThat(remarks()).anyMatch(remark -> remark.contains(NO_JOB));
  }

  private void recorded(LiveState... states) {
    world.records.put(
        "run-9",
        Release.of("promotion/diabetes/abc", "prod", "diabetes", "3", "d", Instant.EPOCH)
            .states(List.of(states), null)
            .build());
  }

  private List<String> remarks() {
    AdoptStart dryRun =
        new AdoptStart("diabetes", "prod", null, Map.of("serve", "diabetes"), true, "ana@x");
    return Objects.requireNonNull(result(start(dryRun)).plan()).remarks();
  }
}
