package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.live.LiveWatchId;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.notice.NoticeKind;
import dev.portage.rollback.RollbackView;
import dev.portage.serving.ProbeOrder;
import dev.portage.step.CourseView;
import dev.portage.step.StepView;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A watch of a released version: what ends it, and when the version is taken back. */
@Timeout(180)
@Tag("S2.35")
class LiveWatchTest extends LiveWatchScene {

  @Test
  void aLimitThatIsBrokenTwiceInARowIsRolledBackOnceAndTheModelIsHeld() {
    releaseTwo();
    turnsBad("2", "input example: status 500");
    int served = endpoints.splits.size();

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.REJECTED);
    assertThat(view.broken())
        .contains(
            "5 of 5 requests by Portage failed, over the limit of 1 %: input example: status 500")
        .contains(" UTC, and before, at ");
    assertThat(view.rollback()).isEqualTo(ROLLBACK);
    assertThat(view.held()).isTrue();
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .contains("Version 1 is live again, by " + ROLLBACK)
        .contains("portage unfreeze --model diabetes --reason TEXT");
    assertThat(view.steps())
        .extracting(StepView::name)
        .containsExactly("watch", "hold", "rollback");
    assertThat(endpoints.splits.subList(served, endpoints.splits.size()))
        .containsExactly("1: 100 %, 2: 0 %", "1: 100 %");
    RollbackView rollback = rolledBack(engine.workflow(ROLLBACK));
    assertThat(rollback.startedBy()).isEqualTo(SECOND);
    assertThat(rollback.reason()).isEqualTo(view.broken());
    assertThat(world.log)
        .filteredOn(event -> event.kind() == HistoryKind.ROLLBACK)
        .singleElement()
        .extracting(HistoryEvent::by)
        .isEqualTo(SECOND);
    assertThat(world.clearance.freezes)
        .singleElement()
        .satisfies(held -> {
          assertThat(held.model()).isEqualTo("diabetes");
          assertThat(held.by()).isEqualTo(SECOND);
          assertThat(held.reason()).startsWith("version 2 broke a limit: 5 of 5 requests");
        });
    assertThat(world.effects).containsSubsequence("hold diabetes", "serve 1: 100 %, 2: 0 %");
    assertThat(told(NoticeKind.WATCH))
        .singleElement()
        .asString()
        .contains("version 2 of diabetes in prod broke a limit", "status 500");
    assertThat(told(NoticeKind.ROLLBACK)).hasSize(1);
  }

  @Test
  void oneBadLookIsNoReasonToGoBack() {
    releaseTwo(Duration.ofMinutes(10));
    AtomicInteger bad = new AtomicInteger();
    endpoints.answers =
        order ->
            isWatched(order) && bad.incrementAndGet() % 2 == 1
                ? FakeEndpoints.wrong("status 503")
                : FakeEndpoints.good(null);

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says()).contains("watched for 10m, and broke no limit in");
    assertThat(view.notices())
        .anyMatch(notice -> notice.startsWith("a limit was broken at"))
        .anyMatch(notice -> notice.startsWith("the next look found no limit broken"));
    assertThat(world.clearance.freezes).isEmpty();
    assertThat(live()).isEqualTo("version 2");
  }

  @Test
  void anotherLookRightAfterABrokenOneConfirmsNothing() {
    releaseTwo(Duration.ofMinutes(10));
    turnsBad("2", "status 503");
    LiveWatchView suspected =
        until(
            SECOND,
            now -> now.notices().stream().anyMatch(notice -> notice.startsWith("a limit was")));
    engine.workflow(SECOND).signal(LiveWatchId.LOOK);
    until(SECOND, now -> now.judged() > suspected.judged(), Duration.ofSeconds(1));
    endpoints.answers = order -> good();

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says()).contains("broke no limit in");
    assertThat(world.clearance.freezes).isEmpty();
  }

  @Test
  void aSuspicionThatNoLookCanConfirmEndsWithTheTimeAndIsSaid() {
    releaseTwo(Duration.ofMinutes(10));
    endpoints.answers =
        order -> {
          if (isWatched(order)) {
            world.refuse("probe", FakeWorld.userFault("the login may not ask the endpoint"));
          }
          return FakeEndpoints.wrong("status 503");
        };

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says())
        .contains(
            "the last look that judged it found a limit broken, which no later look confirmed: ")
        .doesNotContain("broke no limit");
    assertThat(live()).isEqualTo("version 2");
  }

  @Test
  void aFirstReleaseHasNothingToGoBackToSoItIsSaidAndHeldAndLeftAsItIs() {
    engine.release(PromotionEngine.COMMIT);
    turnsBad("1", "status 500");

    LiveWatchView view = ended(FIRST);

    assertThat(view.state()).isEqualTo(CourseView.State.FAILED);
    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .contains("there is no release to go back to, so it is still live");
    assertThat(view.rollback()).isNull();
    assertThat(view.held()).isTrue();
    assertThat(live()).isEqualTo("version 1");
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
  }

  @Test
  void aNewerReleaseEndsTheWatchOfTheOneBeforeAtOnce() {
    releaseTwo();

    LiveWatchView view = look(FIRST);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says())
        .startsWith("the champion is version 2, released by promotion/diabetes/");
    assertThat(view.notices())
        .as("while a promotion moves the traffic nothing is judged, and nobody is told")
        .anyMatch(notice -> notice.contains("promotion/diabetes/fedcba987654 changed it last"));
    assertThat(told(NoticeKind.WATCH)).isEmpty();
    assertThat(look(SECOND).state()).isEqualTo(CourseView.State.RUNNING);
  }

  @Test
  void aChampionThatIsGoneWhileItWaitsForAnotherRollbackIsSaid() {
    releaseTwo();
    world.refuse("restoreJob", FakeWorld.userFault("you may not reset the job"));
    engine.rollback();
    engine.environment.sleep(Duration.ofSeconds(30));
    turnsBad("2", "status 500");
    until(
        SECOND,
        now -> now.notices().stream().anyMatch(notice -> notice.contains("is still running")));
    world.registry.losesChampion();

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.FAILED);
    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .endsWith("it was not rolled back: there is no champion any more");
  }

  @Test
  void anotherVersionThatGoesLiveBeforeTheRollbackHasItsTurnIsNotTakenBack() {
    releaseTwo();
    AtomicInteger bad = new AtomicInteger();
    endpoints.answers =
        order -> {
          if (isWatched(order) && bad.incrementAndGet() == 2) {
            // As by a promotion that held the turn, which moved the champion at this moment.
            world.registry.isChampion("3", Map.of(), PromotionEngine.COMMIT, "run-9");
          }
          return FakeEndpoints.wrong("status 500");
        };

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.REJECTED);
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .startsWith("Version 3 was made live meanwhile. Promotions of diabetes are held")
        .doesNotContain("portage rollback");
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
    assertThat(view.held()).isTrue();
  }

  @Test
  void aHoldThatCannotBeRecordedAtOnceDelaysNoRollback() {
    releaseTwo();
    world.refuse("hold", FakeWorld.userFault("the log can't be written"));
    turnsBad("2", "status 500");

    LiveWatchView stopped = until(SECOND, now -> now.state() == CourseView.State.STOPPED);

    assertThat(live()).isEqualTo("version 1");
    assertThat(stopped.notices()).anyMatch(notice -> notice.contains("are not held yet"));
    world.allow("hold");
    engine.workflow(SECOND).update("resume", Receipt.class, by("ana@example.com", ""));
    assertThat(ended(SECOND).held()).isTrue();
  }

  @Test
  void itContinuesInNewRunsSoThatNoHistoryGrowsWithoutEnd() {
    world.serve = watched(Duration.ofHours(4));
    engine.release(PromotionEngine.COMMIT);
    String first = run(FIRST);
    until(FIRST, now -> !run(FIRST).equals(first), Duration.ofMinutes(10));
    LiveWatchView before = look(FIRST);

    LiveWatchView view = ended(FIRST);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.looks()).isGreaterThan(before.looks()).isBetween(235, 241);
    assertThat(engine.environment.getWorkflowClient().fetchHistory(FIRST, first).getEvents())
        .hasSizeLessThan(2_200);
  }

  private static boolean isWatched(ProbeOrder order) {
    return order.requestId().startsWith(LiveWatchId.WATCHES);
  }

  private String run(String id) {
    return engine.workflow(id).describe().getExecution().getRunId();
  }
}
