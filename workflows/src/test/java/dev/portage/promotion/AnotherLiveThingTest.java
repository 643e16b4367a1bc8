package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.activity.Stubs;
import dev.portage.job.JobActivities;
import dev.portage.live.Applied;
import dev.portage.live.LiveChange;
import dev.portage.live.LiveContext;
import dev.portage.live.LiveHop;
import dev.portage.live.LiveRef;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.live.LiveThings;
import dev.portage.live.Look;
import dev.portage.live.PlannedHop;
import dev.portage.live.Restored;
import dev.portage.live.Undone;
import dev.portage.plan.Action;
import dev.portage.plan.Planner;
import dev.portage.registry.RegistryActivities;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.temporal.Queues;
import io.temporal.activity.ActivityInterface;
import io.temporal.client.WorkflowStub;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One more live thing is one class and one line of {@link LiveThings}: plan, second look, apply,
 * compensation and release go over the list. As an example there is a flag that names a version.
 */
@Timeout(120)
class AnotherLiveThingTest {

  /** The world's flag. */
  @ActivityInterface
  public interface FlagActivities {
    /** The version that it names, empty for none. */
    String flag();

    /** Names a version; empty for none. Returns what it named before. */
    String turn(String version);
  }

  private static final class Flag implements FlagActivities {
    private volatile String version = "";

    @Override
    public String flag() {
      return version;
    }

    @Override
    public String turn(String next) {
      String before = version;
      version = next;
      return before;
    }
  }

  /** Everything that a flag needs. */
  private static final class FlagThing implements LiveThing {

    @Override
    public String name() {
      return "flag";
    }

    @Override
    public Optional<Map<String, String>> find(Settings settings, Station target) {
      return Optional.of(Map.of());
    }

    @Override
    public String whyNot() {
      return "no flag";
    }

    @Override
    public LiveState observe(LiveRef ref, Look look) {
      return state(look.by(FlagActivities.class, "the flag").flag());
    }

    private LiveState state(String version) {
      return version.isEmpty()
          ? LiveState.none(name(), "nothing")
          : new LiveState(name(), true, version, "names version " + version, Map.of(), null);
    }

    @Override
    public Action plan(PlannedHop hop, LiveState now) {
      String where = hop.target().workspace();
      return new Action(where + "/flag", "flag in " + where, now.text(), Planner.NEW_VERSION);
    }

    @Override
    public boolean isForTheGates(LiveState approved, LiveState now, @Nullable String champion) {
      return false;
    }

    @Override
    public boolean isApplied(LiveHop hop, LiveState now) {
      return hop.version().equals(now.version());
    }

    @Override
    public Applied apply(
        LiveHop hop, Attempt attempt, LiveState seen, Consumer<LiveChange> changed) {
      String before = flag(hop).turn(hop.version());
      LiveChange change = new LiveChange(state(before), state(hop.version()));
      changed.accept(change);
      return new Applied(change, "the flag names version " + hop.version(), null);
    }

    @Override
    public Undone undo(LiveContext context, LiveChange change) {
      if (!flag(context).flag().equals(change.now().version())) {
        return new Undone(Undone.Outcome.FOUND_OTHER, "somebody turned the flag");
      }
      restore(context, change.before());
      return new Undone(Undone.Outcome.PUT_BACK, "the flag is as before");
    }

    @Override
    public String byHand(LiveContext context, LiveChange change, @Nullable LiveState now) {
      return "flag " + change.before().version();
    }

    @Override
    public Restored restore(LiveContext context, LiveState wanted) {
      flag(context).turn(Objects.requireNonNullElse(wanted.version(), ""));
      return new Restored(Restored.Outcome.RESTORED, wanted, "the flag is restored");
    }

    private static FlagActivities flag(LiveContext context) {
      return Stubs.quick(
          FlagActivities.class, Queues.of(context.workspace()), context.retryTimeout(), "the flag");
    }
  }

  /** The line. */
  private static final LiveThings WITH_FLAG =
      new LiveThings(
          List.of(
              LiveThings.known().named("batch"),
              new FlagThing(),
              LiveThings.known().named("champion")));

  /** A promotion in a world with a flag. */
  public static class PromotionWithFlag extends PromotionWorkflowImpl {

    /** See {@link PromotionWorkflowImpl}. */
    @WorkflowInit
    public PromotionWithFlag(@Nullable PromotionStart given, @Nullable CarriedOver carriedOver) {
      super(given, carriedOver);
    }

    @Override
    public PromotionView promote(PromotionStart start, @Nullable CarriedOver carriedOver) {
      return super.promote(start, carriedOver);
    }

    @Override
    protected LiveThings liveThings() {
      return WITH_FLAG;
    }
  }

  private final Flag flag = new Flag();

  @AutoClose
  private final PromotionEngine engine =
      new PromotionEngine(
          PromotionWithFlag.class,
          world ->
              new FakeLive(
                  WITH_FLAG,
                  Map.of(
                      RegistryActivities.class,
                      world.registry,
                      JobActivities.class,
                      world.jobs,
                      ReleaseActivities.class,
                      world.releases,
                      FlagActivities.class,
                      flag)),
          flag);

  private final FakeWorld world = engine.world;

  @Test
  void itIsPlannedAppliedAndRecordedInOrder() {
    flag.version = "0";
    WorkflowStub promotion = engine.waiting();
    assertThat(
            PromotionEngine.status(promotion).requests().getFirst().plan().actions().stream()
                .map(Action::step))
        .containsExactly("prod/copy", "prod/register", "prod/batch", "prod/flag", "prod/champion");

    PromotionView view = released(promotion);

    assertThat(flag.version).isEqualTo("1");
    Release release = view.releases().getFirst();
    assertThat(release.live())
        .extracting(LiveState::thing, LiveState::version)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("batch", "1"),
            org.assertj.core.api.Assertions.tuple("flag", "1"),
            org.assertj.core.api.Assertions.tuple("champion", "1"));
    assertThat(release.before())
        .extracting(LiveState::text)
        .containsExactly("nothing", "names version 0", "nothing");
  }

  @Test
  void ifALaterChangeFailsAllIsPutBackInReverse() {
    flag.version = "0";
    world.failNext("mark prod champion", FakeWorld.userFault("you may not move aliases"));
    WorkflowStub promotion = engine.approved();

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(flag.version).isEqualTo("0");
    assertThat(world.jobs.job).isNull();
    assertThat(view.notices())
        .containsSubsequence("the flag is as before", "job 7 is as before")
        .contains("live in prod now: batch: nothing, flag: names version 0, champion: nothing");
  }

  @Test
  void whoTurnsItMeanwhileOpensANewRequest() {
    WorkflowStub promotion = engine.waiting();
    flag.version = "8";
    promotion.update(
        "approve",
        dev.portage.approval.Receipt.class,
        PromotionEngine.by("ana@example.com", "prod-1"));
    engine.until(promotion, view -> "prod-2".equals(view.request()));
  }

  @Test
  void whoTurnsItBeforeTheChampionMovesIsNotOverridden() throws InterruptedException {
    flag.version = "0";
    world.jobs.last("batch");
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> world.jobs.awaited());
    FaultyWorld.Hold look = world.hold("look at job");
    world.jobs.finish("batch");
    look.awaitReached();
    flag.version = "8";
    look.release();

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .contains("names version 1 is not as this promotion left it")
        .contains("Now it is: names version 8");
    assertThat(view.problem().remedy()).contains("somebody turned the flag").contains("flag 0");
    assertThat(flag.version).isEqualTo("8");
    assertThat(world.jobs.job).as("put back").isNull();
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  private static PromotionView released(WorkflowStub promotion) {
    promotion.update(
        "approve",
        dev.portage.approval.Receipt.class,
        PromotionEngine.by("ana@example.com", "prod-1"));
    return promotion.getResult(PromotionView.class);
  }
}
