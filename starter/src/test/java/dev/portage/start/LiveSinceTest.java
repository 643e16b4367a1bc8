package dev.portage.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.release.Release;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a promotion that has ended can't know: what is live in its place. */
class LiveSinceTest {

  private static final Instant AT = Instant.parse("2026-11-30T11:43:12Z");
  private static final Release RELEASE =
      Release.of("promotion/loyalty/x", "prod", "ml.loyalty", "4", "d".repeat(64), AT).build();
  private static final HistoryEvent OWN =
      event(HistoryKind.RELEASE, "promotion/loyalty/x", "4", AT);
  private static final String WENT = "version 4 went live in prod at 2026-11-30 11:43 UTC; ";

  @Test
  void aRollbackSinceIsNamedWithTheVersionThatIsLive() {
    HistoryEvent refused =
        HistoryEvent.of(
                "q", HistoryKind.QUARANTINE, "prod", "ml.loyalty", AT.plusSeconds(70), "ana")
            .build();
    HistoryEvent back =
        event(HistoryKind.ROLLBACK, "rollback/prod/loyalty/1", "3", AT.plusSeconds(60));

    assertThat(LiveSince.line(RELEASE, List.of(refused, back, OWN)))
        .contains(WENT + "rolled back since by rollback/prod/loyalty/1: version 3 is live");
  }

  @Test
  void aLaterReleaseIsNamedAsWhatFollowed() {
    HistoryEvent next = event(HistoryKind.RELEASE, "promotion/loyalty/y", "5", AT.plusSeconds(60));

    assertThat(LiveSince.line(RELEASE, List.of(next, OWN)))
        .contains(WENT + "followed since by promotion/loyalty/y: version 5 is live");
  }

  @Test
  void withoutAnythingLaterItIsLiveAndWithoutALogNobodyKnows() {
    assertThat(LiveSince.line(RELEASE, List.of(OWN)))
        .contains(WENT + "the log of prod has nothing later: it is live");
    assertThat(LiveSince.line(RELEASE, List.of())).isEmpty();
  }

  private static HistoryEvent event(HistoryKind kind, String by, String version, Instant at) {
    return HistoryEvent.of(by, kind, "prod", "ml.loyalty", at, "ana@example.com")
        .workflow(by)
        .release(Release.of(by, "prod", "ml.loyalty", version, "e".repeat(64), at).build())
        .build();
  }
}
