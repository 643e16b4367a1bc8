package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.approval.Decision;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.live.LiveState;
import dev.portage.release.FinishStart;
import dev.portage.release.FinishView;
import dev.portage.release.FinishWorkflow;
import dev.portage.release.Proof;
import dev.portage.release.Release;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a promotion leaves in the log of its target. */
@Timeout(120)
class ReleaseRecordTest {

  private static final String ID = "promotion/diabetes/0123456789ab";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void aReleaseIsAnEntryWithWhoWhenWhatAndTheProofOfItsDecisions() {
    engine.approved().getResult(PromotionView.class);

    HistoryEvent event = only();
    assertThat(event.id()).isEqualTo("release/prod/" + ID);
    assertThat(event.kind()).isEqualTo(HistoryKind.RELEASE);
    assertThat(event.workspace()).isEqualTo("prod");
    assertThat(event.model()).isEqualTo("diabetes");
    assertThat(event.name()).isEqualTo("diabetes");
    assertThat(event.workflow()).isEqualTo(ID);
    Release release = Objects.requireNonNull(event.release());
    assertThat(event.at()).isEqualTo(release.at());
    assertThat(release.isOf(ID, "prod", "1")).isTrue();
    assertThat(release.digest()).isEqualTo(FakeWorld.DIGEST);
    assertThat(release.turn()).isNotNull();
    assertThat(Objects.requireNonNull(release.live()))
        .extracting(LiveState::thing, LiveState::present, LiveState::version)
        .containsExactly(tuple("batch", true, "1"), tuple("champion", true, "1"));
    assertThat(Objects.requireNonNull(release.before()))
        .extracting(LiveState::thing, LiveState::present)
        .containsExactly(tuple("batch", false), tuple("champion", false));
    assertThat(release.decisions())
        .extracting(Decision::by, Decision::request, Decision::channel)
        .containsExactly(tuple("ana@example.com", "prod-1", Decision.Channel.UPDATE));
    Proof proof = Objects.requireNonNull(release.proof());
    assertThat(proof.request()).isEqualTo("prod-1");
    assertThat(proof.digest()).isEqualTo(FakeWorld.DIGEST);
    assertThat(proof.evidence()).isEqualTo("evidence");
    assertThat(proof.plan()).isEqualTo("plan");
    assertThat(proof.identity()).isEqualTo("claimed");
    assertThat(proof.groups()).containsExactly("model-owners");
    assertThat(proof.opened()).isNotNull();
  }

  @Test
  void whatStoodThereBeforeIsWhatTheChangeItselfFound() {
    world.registry.isChampion("7", Map.of("rmse", 70.0), PromotionEngine.OTHER_COMMIT);

    engine.approved().getResult(PromotionView.class);

    Release release = Objects.requireNonNull(only().release());
    assertThat(release.previousVersion()).isEqualTo("7");
    assertThat(Objects.requireNonNull(release.before()).getLast().version()).isEqualTo("7");
  }

  @Test
  void theEntryIsOneHoweverOftenItsResponseIsLost() {
    world.loseNextAnswer("record");
    world.loseNextAnswer("record");

    engine.approved().getResult(PromotionView.class);

    assertThat(world.log).hasSize(1);
  }

  @Test
  void anEntryThatCouldNotBeWrittenIsWrittenByResume() {
    world.refuse("appendEvent", FakeWorld.userFault("you may not create experiments"));
    WorkflowStub promotion = engine.approved();
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.left())
        .singleElement()
        .satisfies(left ->
            assertThat(left.text())
                .contains("record the release in prod", "you may not create experiments"));
    assertThat(world.log).isEmpty();

    world.allow("appendEvent");
    FinishStart start = new FinishStart(ID, view.left(), "kim@example.com");
    FinishView finished =
        engine
            .environment
            .getWorkflowClient()
            .newWorkflowStub(
                FinishWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(Queues.PORTAGE)
                    .setWorkflowId(start.workflowId())
                    .build())
            .finish(start);

    assertThat(finished.unfinished()).isEmpty();
    assertThat(only().id()).isEqualTo("release/prod/" + ID);
    assertThat(Objects.requireNonNull(only().release()).version()).isEqualTo("1");
  }

  private HistoryEvent only() {
    assertThat(world.log).hasSize(1);
    return world.log.getFirst();
  }
}
