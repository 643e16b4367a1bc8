package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.history.HistoryKind;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.notice.NoticeKind;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.ProbeResult;
import dev.portage.serving.Served;
import dev.portage.step.CourseView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looks of a watch that do not judge the version, or say more than that. */
@Timeout(180)
@Tag("S2.35")
class LiveWatchLooksTest extends LiveWatchScene {

  @Test
  void anEndpointThatSomebodyChangedIsSaidAndNeitherJudgedNorTakenBack() {
    releaseTwo(Duration.ofMinutes(10));
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("1", 50), FakeEndpoints.served("2", 50));
    turnsBad("2", "status 500");
    int asked = endpoints.probes.size();

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says())
        .contains("NOT JUDGED by any of")
        .contains("at the end it was not judged: endpoint diabetes serves versions");
    assertThat(endpoints.probes).hasSize(asked);
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
    assertThat(told(NoticeKind.WATCH))
        .singleElement()
        .asString()
        .contains("somebody changed it by hand", "not rolled back, until");
  }

  @Test
  void anUpdateUnderWayIsNoticedBeforeItTakesEffectAndNothingIsJudged() {
    releaseTwo(Duration.ofMinutes(10));
    endpoints.pendingStays = true;
    endpoints.pending.put(
        ENDPOINT,
        new EndpointConfig(List.of(FakeEndpoints.served("1", 50), FakeEndpoints.served("2", 50))));
    endpoints.promotions.remove(ENDPOINT);
    turnsBad("2", "status 500");
    int asked = endpoints.probes.size();

    LiveWatchView view = ended(SECOND);

    assertThat(view.notices())
        .anyMatch(notice ->
            notice.contains(
                "endpoint diabetes still serves version 2, but an update to versions 1 (50 %) and 2"
                    + " (50 %) is under way"));
    assertThat(view.says()).contains("NOT JUDGED by any of");
    assertThat(endpoints.probes).hasSize(asked);
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
    assertThat(told(NoticeKind.WATCH)).hasSize(1);
  }

  @Test
  void anUpdateUnderWayThatMovesNoTrafficIsJudgedButTheOldVersionMayBeGoing() {
    releaseTwo(Duration.ofMinutes(10));
    endpoints.pendingStays = true;
    endpoints.pending.put(ENDPOINT, new EndpointConfig(List.of(FakeEndpoints.served("2", 100))));

    LiveWatchView view = until(SECOND, now -> now.judged() > 0);

    assertThat(view.notices().getFirst()).contains("is no longer kept on the endpoint");
  }

  @Test
  void anEndpointThatWasRenamedIsSaidAndJudgedAgainOnceItIsBack() {
    releaseTwo();
    EndpointConfig released = Objects.requireNonNull(endpoints.endpoints.remove(ENDPOINT));
    LiveWatchView lost = until(SECOND, now -> !now.notices().isEmpty());
    assertThat(lost.notices().getFirst())
        .contains("endpoint diabetes does not exist any more: it was deleted or renamed");
    assertThat(lost.state()).isEqualTo(CourseView.State.RUNNING);

    endpoints.endpoints.put(ENDPOINT, released);

    until(SECOND, now -> now.judged() > 0);
    assertThat(look(SECOND).notices())
        .anyMatch(notice -> notice.contains("again as it was released"));
  }

  @Test
  void aChangeOfSizeByHandIsNoticed() {
    releaseTwo();
    endpoints.byHand(
        ENDPOINT,
        FakeEndpoints.served("1", 0),
        new Served("diabetes-2", "diabetes", "2", 100, "larger"));

    LiveWatchView view = until(SECOND, now -> !now.notices().isEmpty());

    assertThat(view.notices().getFirst())
        .contains("with another size, environment or other setting");
  }

  @Test
  void anOldVersionThatIsGoneIsSaidSinceGoingBackTakesAStartUpThen() {
    releaseTwo();
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("2", 100));

    LiveWatchView view = until(SECOND, now -> now.judged() > 0);

    assertThat(view.notices().getFirst()).contains("is no longer kept on the endpoint");
  }

  @Test
  void aLookThatComparedNothingIsNoLookThatJudged() {
    releaseTwo(Duration.ofMinutes(10));
    endpoints.answers = order -> silent();

    until(SECOND, view -> view.says().contains(" looks, 0 of them judged; last: not judged: "));
    assertThat(look(SECOND).judged()).isZero();
    endpoints.answers = order -> good();
    until(SECOND, view -> view.judged() > 0);
    endpoints.answers = order -> silent();
    LiveWatchView view = ended(SECOND);

    assertThat(view.judged()).isPositive().isLessThan(view.looks());
    assertThat(view.says())
        .contains("broke no limit in " + view.judged() + " of " + view.looks() + " looks");
    assertThat(told(NoticeKind.WATCH)).isEmpty();
  }

  @Test
  void aLookThatComparedNothingDoesNotClearABrokenLimit() {
    releaseTwo(Duration.ofMinutes(10));
    turnsBad("2", "status 500");
    until(SECOND, view -> view.notices().stream().anyMatch(one -> one.contains("was broken")));
    endpoints.answers = order -> silent();

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says())
        .contains("found a limit broken, which no later look confirmed: 5 of 5 requests");
    assertThat(view.notices()).noneMatch(one -> one.contains("found no limit broken"));
    assertThat(told(NoticeKind.WATCH))
        .singleElement()
        .asString()
        .contains("3 looks in a row found nothing out", "not judged: ");
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
  }

  /** There is nothing to send, and nobody else asks. */
  private static ProbeResult silent() {
    return new ProbeResult(0, 0, List.of(), null, null, 0, 0, null);
  }

  @Test
  void aLookThatFindsNothingOutIsNoFaultOfTheVersionAndIsTold() {
    releaseTwo(Duration.ofMinutes(10));
    world.refuse("probe", FakeWorld.userFault("the login may not ask the endpoint"));

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says()).contains("NOT JUDGED by any of");
    assertThat(world.clearance.freezes).isEmpty();
    assertThat(told(NoticeKind.WATCH))
        .singleElement()
        .asString()
        .contains("3 looks in a row found nothing out", "may not ask");
  }
}
