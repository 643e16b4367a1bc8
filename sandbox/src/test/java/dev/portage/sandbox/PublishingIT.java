package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.Commands.Result;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Scoring is rehearsed, and its rows become visible once the version is live. */
@ExtendWith(TheWorld.class)
class PublishingIT {

  @Test
  void aBatchIsRehearsedThenScoredAsideAndPublishedAndNoTableIsLeft() throws IOException {
    Team team = Team.tiny("published");
    team.change("promotion.yaml", "rehearse: false", "rehearse: true");
    String promotion = team.commit("Scoring is rehearsed");
    assertThat(team.start().code()).isEqualTo(4);

    Result end = team.approveAndWatch(promotion);

    assertThat(end.code()).as(end.out()).isZero();
    assertThat(end.out())
        .contains("10 rows of version 1 checked")
        .contains("rows of version 1 in published_predictions__portage_")
        .contains("is visible in published_predictions, which it made")
        .doesNotContain("could not be dropped");
  }
}
