package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.settings.ServeLimits;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever ends a soak early goes without the traffic that was demanded, and that is said. */
@Timeout(180)
class EndedEarlyTest extends ServingScene {

  @Test
  void howManyOfTheRequestsHadComeIsSaid() {
    isServed();
    world.serve = settings(Duration.ofDays(3), new ServeLimits(null, null, null, 100));
    WorkflowStub promotion = approved();

    for (int percent : world.serve.steps()) {
      untilShare(promotion, percent);
      promotion.update("proceed", Receipt.class, PromotionEngine.by("rui@example.com", ""));
    }

    assertThat(released(promotion).notices())
        .filteredOn(notice -> notice.contains("rui@example.com ended the soak at "))
        .hasSize(4)
        .allMatch(notice ->
            notice.endsWith(
                "; version 1 had about 0 of the 100 requests of others that serve.limits.min-requests"
                    + " asks for"));
  }
}
