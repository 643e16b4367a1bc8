package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.live.LiveState;
import dev.portage.release.WentLive;
import dev.portage.rollback.RollbackView;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.Served;
import dev.portage.settings.ServeSettings;
import dev.portage.step.CourseView;
import dev.portage.step.StepView;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A rollback takes live traffic back, as it restores every other live thing. */
@Timeout(180)
class ServingRollbackTest {

  private static final String ENDPOINT = "diabetes";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;
  private final FakeEndpoints endpoints = world.endpoints;

  @BeforeEach
  void servesTheSecondOfTwoReleases() {
    world.serve = ServeSettings.of(ENDPOINT);
    engine.release(PromotionEngine.COMMIT);
    engine.release(PromotionEngine.OTHER_COMMIT);
    assertThat(endpoints.of(ENDPOINT))
        .isEqualTo(
            new EndpointConfig(
                List.of(FakeEndpoints.served("1", 0), FakeEndpoints.served("2", 100))));
  }

  @Test
  void trafficGoesBackToTheVersionThatWasKeptFirst() {
    int before = endpoints.splits.size();

    RollbackView view = rollback();

    assertThat(endpoints.splits.subList(before, endpoints.splits.size()))
        .containsExactly("1: 100 %, 2: 0 %", "1: 100 %");
    assertThat(world.effects)
        .containsSubsequence("serve 1: 100 %, 2: 0 %", "restore job 7", "quarantine version 2");
    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("serve"))
        .singleElement()
        .satisfies(step -> {
          assertThat(step.state()).isEqualTo(StepView.State.DONE);
          assertThat(step.result()).contains("all traffic of endpoint diabetes is at version 1");
        });
    assertThat(Objects.requireNonNull(world.log.getLast().release()).live())
        .extracting(LiveState::thing, LiveState::version)
        .contains(org.assertj.core.api.Assertions.tuple("serve", "1"));
    assertThat(Objects.requireNonNull(world.log.getLast().release()).order())
        .extracting(WentLive::thing)
        .containsExactly("serve", "batch", "champion");
  }

  @Test
  void whatWasStoredBeforeTheRollbackIsLookedForTwice() {
    world.loseNextAnswer("storeEndpoint");
    int before = world.effects.size();

    rollback();

    assertThat(world.effects.subList(before, world.effects.size()))
        .filteredOn(effect -> effect.startsWith("look for a second "))
        .anyMatch(effect ->
            effect.contains("rollback/prod/diabetes/1#serve/")
                && effect.endsWith("/endpoint-before.json"));
  }

  @Test
  void aVersionMayTakeAsLongToStartAsTheFileOfItsReleaseSaid() {
    world.serve =
        ServeSettings.of(ENDPOINT).toBuilder().timeout(java.time.Duration.ofHours(5)).build();
    engine.release("7777777777777777777777777777777777777777");
    engine.release("8888888888888888888888888888888888888888");

    WorkflowStub rollback = engine.rollback();
    rollback.getResult(RollbackView.class);

    assertThat(engine.history(rollback).getEvents())
        .filteredOn(event ->
            event
                .getActivityTaskScheduledEventAttributes()
                .getActivityType()
                .getName()
                .equals("AwaitEndpoint"))
        .isNotEmpty()
        .allSatisfy(event ->
            assertThat(
                    event
                        .getActivityTaskScheduledEventAttributes()
                        .getStartToCloseTimeout()
                        .getSeconds())
                .isGreaterThan(5 * 3_600));
  }

  @Test
  void aReleaseThatServedNothingIsGoneBackToWithWhatWasServedThen() {
    world.serve = null;
    engine.release("3333333333333333333333333333333333333333");
    world.serve = ServeSettings.of(ENDPOINT);
    engine.release("4444444444444444444444444444444444444444");
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 4");

    rollback();

    assertThat(world.registry.marks).containsEntry("prod/champion", "3");
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 2");
  }

  @Test
  void anEndpointOfAnotherNameStaysAndThatIsSaid() {
    world.serve = ServeSettings.of("other");
    engine.release("6666666666666666666666666666666666666666");

    RollbackView view = rollback();

    assertThat(Objects.requireNonNull(view.plan()).remarks())
        .contains(
            "endpoint other with version 3 stays, since that release was served by another"
                + " endpoint; to remove it: databricks serving-endpoints delete other");
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 2");
  }

  @Test
  void theWayBackOfTheLiveVersionIsThereAfterANewerOneWasTakenBack() {
    endpoints.answers = order -> FakeEndpoints.wrong("predictions[0] is 0, expected 1");
    WorkflowStub promotion = engine.start("5555555555555555555555555555555555555555");
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(endpoints.of(ENDPOINT))
        .isEqualTo(
            new EndpointConfig(
                List.of(FakeEndpoints.served("1", 0), FakeEndpoints.served("2", 100))));
  }

  @Test
  void aVersionThatIsNotThereAnyMoreIsServedAgainAsItWasRecorded() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("2", 100));

    rollback();

    assertThat(endpoints.of(ENDPOINT))
        .isEqualTo(new EndpointConfig(List.of(FakeEndpoints.served("1", 100))));
  }

  @Test
  void whatSomebodyChangedByHandIsPutBackToTheRecordedState() {
    endpoints.byHand(
        ENDPOINT,
        new Served("diabetes-1", "diabetes", "1", 10, "larger"),
        FakeEndpoints.served("2", 90));

    rollback();

    assertThat(endpoints.of(ENDPOINT))
        .isEqualTo(new EndpointConfig(List.of(FakeEndpoints.served("1", 100))));
  }

  @Test
  void anEndpointThatWasDeletedIsCreatedAgain() {
    endpoints.endpoints.clear();

    rollback();

    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 1");
  }

  @Test
  void anUpdateThatIsStillUnderWayIsWaitedForAndTakenBack() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("1", 100));
    endpoints.pending.put(
        ENDPOINT,
        new EndpointConfig(List.of(FakeEndpoints.served("1", 90), FakeEndpoints.served("2", 10))));

    RollbackView view = rollback();

    assertThat(endpoints.pending).isEmpty();
    assertThat(endpoints.of(ENDPOINT))
        .isEqualTo(new EndpointConfig(List.of(FakeEndpoints.served("1", 100))));
    String underWay = "an update to versions 1 (90 %) and 2 (10 %)";
    assertThat(Objects.requireNonNull(view.plan()).actions())
        .as("it is said before the rollback")
        .anySatisfy(action -> assertThat(action.now()).contains(underWay + " is under way"));
    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("serve"))
        .singleElement()
        .satisfies(step ->
            assertThat(step.result())
                .contains("all traffic of endpoint diabetes is at version 1")
                .contains(underWay + " was under way")
                .contains("Portage waited for its end and took it back"));
  }

  @Test
  void anUpdateThatMovesNoTrafficHoldsUpNoRollback() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("1", 100));
    endpoints.pending.put(
        ENDPOINT,
        new EndpointConfig(List.of(FakeEndpoints.served("1", 100), FakeEndpoints.served("2", 0))));
    endpoints.pendingStays = true;
    int before = endpoints.splits.size();

    rollback();

    assertThat(endpoints.splits).hasSize(before);
  }

  @Test
  void anUpdateThatNeverEndsStopsTheRollbackThoughTheOldVersionStillHasAllTraffic() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("1", 100));
    endpoints.pending.put(ENDPOINT, new EndpointConfig(List.of(FakeEndpoints.served("2", 100))));
    endpoints.pendingStays = true;

    WorkflowStub rollback = engine.rollback();
    // The change and the putting back each wait as long as a version may take to start.
    engine.environment.sleep(java.time.Duration.ofHours(4));
    RollbackView view = rollback.query("status", RollbackView.class);

    assertThat(view.state()).isEqualTo(CourseView.State.STOPPED);
    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .contains("another update of it is under way");
    endpoints.pendingStays = false;
  }

  @Test
  void anEndpointThatIsStillBeingCreatedIsRemovedWhereThereWasNone() {
    endpoints.endpoints.clear();
    endpoints.creationStays = true;

    WorkflowStub rollback = engine.rollback();
    engine.environment.sleep(java.time.Duration.ofMinutes(30));

    assertThat(rollback.query("status", RollbackView.class).state())
        .isEqualTo(CourseView.State.STOPPED);
    assertThat(endpoints.pending).isEmpty();
    assertThat(endpoints.of(ENDPOINT).isNone()).isTrue();
  }

  @Test
  void ifALaterThingCannotBeRestoredTheTrafficIsPutBack() {
    world.refuse("restoreJob", FakeWorld.userFault("you may not reset the job"));

    WorkflowStub rollback = engine.rollback();
    engine.environment.sleep(java.time.Duration.ofMinutes(20));
    RollbackView view = rollback.query("status", RollbackView.class);

    assertThat(view.state()).isEqualTo(CourseView.State.STOPPED);
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 2");
    world.allow("restoreJob");
  }

  private RollbackView rollback() {
    return engine.rollback().getResult(RollbackView.class);
  }
}
