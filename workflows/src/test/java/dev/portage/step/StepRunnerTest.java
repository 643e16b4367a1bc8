package dev.portage.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.approval.Refusal;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.temporal.Memos;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.temporal.TestTemporal;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What runs steps, by a workflow that is nothing else. */
@Timeout(120)
class StepRunnerTest {

  private static final String ID = "tiny/1";
  private static final String FIRST = ID + "#shift#1";
  private static final String SECOND = ID + "#shift#2";

  private final FakeEffects effects = new FakeEffects();
  private final TestWorkflowEnvironment temporal = environment(effects);

  @AfterEach
  void close() {
    effects.holds.values().forEach(CountDownLatch::countDown);
    temporal.close();
  }

  @Test
  void stepsRunInOrderAndSayWhatTheyMade() {
    CourseView end = start().getResult(CourseView.class);

    assertThat(end.state()).isEqualTo(CourseView.State.DONE);
    assertThat(end.says()).isEqualTo("done after ok");
    assertThat(end.steps()).extracting(StepView::name).isEqualTo(TinyWorkflow.STEPS);
    assertThat(end.steps())
        .extracting(StepView::result)
        .containsExactly("prepared", "all requests", "closed");
    assertThat(end.steps()).extracting(StepView::progress).containsOnlyNulls();
    assertThat(effects.calls)
        .containsExactly(
            "prepare " + ID + "#prepare#1",
            "shift 5 " + FIRST,
            "shift 25 " + FIRST,
            "shift 100 " + FIRST,
            "close " + ID + "#close#1");
  }

  @Test
  void aRunningStepSaysHowFarItHasCome() {
    effects.hold("shift 25");
    WorkflowStub tiny = start();
    CourseView view = until(tiny, now -> now.says().equals("shift: 25 % of requests"));

    assertThat(step(view, "shift").progress()).isEqualTo(new StepProgress("25 % of requests", 25));
    assertThat(step(view, "shift").line()).isEqualTo("25 % of requests");
    assertThat(step(view, "close").state()).isEqualTo(StepView.State.PENDING);
    assertThat(StepPage.steps(view.steps(), null).toString()).contains("25 % of requests");
    assertThat(tiny.describe().getTypedSearchAttributes().get(PromotionAttributes.STEP))
        .isEqualTo("shift");
  }

  @Test
  void aResumeRepeatsTheFailedStepUnderItsKeyAndNothingThatIsDone() {
    effects.fail("shift 25", FailureKind.USER);
    WorkflowStub tiny = start();
    CourseView stopped = untilStopped(tiny);
    assertThat(stopped.says()).isEqualTo("stopped at shift: the server said no to shift 25");
    assertThat(stopped.next()).isEqualTo("portage resume " + ID);
    assertThat(step(stopped, "shift").state()).isEqualTo(StepView.State.FAILED);
    assertThat(step(stopped, "shift").progress())
        .isEqualTo(new StepProgress("25 % of requests", 25));

    effects.allow("shift 25");
    assertThat(resume(tiny, null).refused()).isNull();

    CourseView end = tiny.getResult(CourseView.class);
    assertThat(end.state()).isEqualTo(CourseView.State.DONE);
    assertThat(end.problem()).isNull();
    assertThat(step(end, "shift").attempt()).isEqualTo(1);
    assertThat(effects.calls)
        .containsExactly(
            "prepare " + ID + "#prepare#1",
            "shift 5 " + FIRST,
            "shift 25 " + FIRST,
            "shift 25 " + FIRST,
            "shift 100 " + FIRST,
            "close " + ID + "#close#1");
  }

  @Test
  void whatEndedForGoodIsRepeatedAsAnotherAttemptWithAllItsStages() {
    effects.answer("shift 25", TinyWorkflow.Effects.ENDED);
    WorkflowStub tiny = start();
    untilStopped(tiny);
    effects.answer("shift 25", "ok");
    resume(tiny, null);

    assertThat(step(tiny.getResult(CourseView.class), "shift").attempt()).isEqualTo(2);
    assertThat(effects.calls)
        .containsSubsequence(
            "shift 5 " + FIRST,
            "shift 25 " + FIRST,
            "shift 5 " + SECOND,
            "shift 25 " + SECOND,
            "shift 100 " + SECOND);
  }

  @Test
  void whatWasTakenAwayIsRepeatedAsAnotherAttempt() {
    effects.answer("shift 100", TinyWorkflow.Effects.GONE);
    WorkflowStub tiny = start();
    untilStopped(tiny);
    effects.answer("shift 100", "ok");
    resume(tiny, null);

    assertThat(step(tiny.getResult(CourseView.class), "shift").attempt()).isEqualTo(2);
    assertThat(effects.calls)
        .containsSubsequence("shift 100 " + FIRST, "shift 5 " + SECOND, "shift 100 " + SECOND);
  }

  @Test
  void aStopContinuesInAnotherRunWithAllThatIsRecorded() {
    effects.fail("shift 25", FailureKind.PLATFORM);
    WorkflowStub tiny = start();
    CourseView before = untilStopped(tiny);
    continues(tiny);
    CourseView after = untilStopped(tiny);
    assertThat(after.steps()).isEqualTo(before.steps());
    assertThat(after.started()).isEqualTo(before.started());
    assertThat(after.problem()).isEqualTo(before.problem());

    effects.allow("shift 25");
    resume(tiny, null);

    assertThat(tiny.getResult(CourseView.class).state()).isEqualTo(CourseView.State.DONE);
    assertThat(effects.calls.stream().filter(call -> call.startsWith("prepare"))).hasSize(1);
    assertThat(effects.calls.stream().filter(call -> call.startsWith("shift 5 "))).hasSize(1);
    assertThat(effects.calls.stream().filter(call -> call.startsWith("shift 25 ")))
        .containsOnly("shift 25 " + FIRST);
  }

  @Test
  void anAttemptAfterAnotherRunHasTheNextNumber() {
    effects.answer("shift 25", TinyWorkflow.Effects.ENDED);
    WorkflowStub tiny = start();
    untilStopped(tiny);
    continues(tiny);
    untilStopped(tiny);
    resume(tiny, null);
    until(tiny, view -> effects.calls.contains("shift 25 " + SECOND));
    untilStopped(tiny);
    continues(tiny);
    effects.answer("shift 25", "ok");
    resume(tiny, null);

    assertThat(step(tiny.getResult(CourseView.class), "shift").attempt()).isEqualTo(3);
  }

  @Test
  void aStepContinuesInTheMiddleInAnotherRun() {
    effects.hold("shift 25");
    WorkflowStub tiny = start();
    CourseView before = until(tiny, now -> now.says().equals("shift: 25 % of requests"));
    continues(tiny);
    effects.release("shift 25");

    CourseView end = tiny.getResult(CourseView.class);
    assertThat(end.state()).isEqualTo(CourseView.State.DONE);
    assertThat(step(end, "shift").started()).isEqualTo(step(before, "shift").started());
    assertThat(step(end, "shift").attempt()).isEqualTo(1);
    assertThat(effects.calls.stream().filter(call -> call.startsWith("shift 5 "))).hasSize(1);
    assertThat(effects.calls.stream().filter(call -> call.startsWith("shift 25 ")))
        .containsOnly("shift 25 " + FIRST);
  }

  @Test
  void aFatalFailureEndsItAtOnceAndTakesAwayWhatIsHalfMade() {
    effects.fail("shift 5", FailureKind.FATAL);

    CourseView end = failed(start());

    assertThat(end.state()).isEqualTo(CourseView.State.FAILED);
    assertThat(end.told().notices()).containsExactly("what was shifted goes back");
    assertThat(Objects.requireNonNull(end.problem()).kind()).isEqualTo(FailureKind.FATAL);
    assertThat(step(end, "close").state()).isEqualTo(StepView.State.PENDING);
  }

  @Test
  void nobodyResumesForTwoWeeksSoItEnds() {
    effects.fail("prepare", FailureKind.USER);
    CourseView end = failed(start());

    assertThat(Duration.between(end.started(), Objects.requireNonNull(end.ended())))
        .isGreaterThanOrEqualTo(Duration.ofDays(14));
    assertThat(Objects.requireNonNull(end.problem()).cameBack())
        .isEqualTo("the server said no to prepare");
  }

  @Test
  void aCancelEndsItWhereItStopped() {
    effects.fail("shift 5", FailureKind.USER);
    WorkflowStub tiny = start();
    untilStopped(tiny);
    tiny.cancel("by sam@example.com: not today");

    CourseView end = until(tiny, view -> view.state() == CourseView.State.CANCELLED);
    assertThat(end.says()).isEqualTo("cancelled by sam@example.com: not today");
    assertThat(end.told().notices()).containsExactly("what was shifted goes back");
    assertThat(tiny.describe().getMemo(Memos.SAYS, String.class, String.class))
        .isEqualTo(end.says());
  }

  @Test
  void whatIsNoOrderToResumeIsListedAsRefused() {
    effects.fail("prepare", FailureKind.USER);
    effects.hold("prepare");
    WorkflowStub tiny = start();
    until(tiny, view -> view.says().equals("prepare"));
    assertThat(resume(tiny, null).refused()).contains("nothing has stopped");
    tiny.signal("approve", "x");
    tiny.signal("resume", 7);
    assertThatThrownBy(() -> tiny.update("reject", Receipt.class, "x"))
        .hasStackTraceContaining("unknown message; use resume");
    effects.release("prepare");
    untilStopped(tiny);
    assertThat(
            tiny.update("resume", Receipt.class, new DecisionMessage(null, " ", null, null, null))
                .refused())
        .contains("it doesn't say who sent it");

    assertThat(until(tiny, view -> view.told().refused().size() == 5).told().refused())
        .extracting(Refusal::reason)
        .anyMatch(reason -> reason.contains("it can't be read"))
        .anyMatch(reason -> reason.contains("unknown message"));
  }

  @Test
  void anOrderThatArrivesTwiceCountsOnce() {
    effects.fail("prepare", FailureKind.USER);
    effects.fail("close", FailureKind.USER);
    effects.hold("shift 25");
    WorkflowStub tiny = start();
    untilStopped(tiny);
    effects.allow("prepare");
    resume(tiny, "one");
    until(tiny, view -> view.says().equals("shift: 25 % of requests"));
    assertThat(resume(tiny, "one").text()).isEqualTo("resumed by ana@example.com");

    effects.release("shift 25");
    until(tiny, view -> view.says().startsWith("stopped at close"));
    assertThat(resume(tiny, "one").refused()).contains("its id belongs to another decision");

    effects.allow("close");
    resume(tiny, "two");
    assertThat(tiny.getResult(CourseView.class).state()).isEqualTo(CourseView.State.DONE);
  }

  private WorkflowStub start() {
    WorkflowStub tiny =
        temporal
            .getWorkflowClient()
            .newUntypedWorkflowStub("TinyWorkflow", TestTemporal.withId(ID));
    tiny.start("go");
    return tiny;
  }

  private static Receipt resume(WorkflowStub tiny, @Nullable String id) {
    return tiny.update(
        "resume", Receipt.class, new DecisionMessage(null, "ana@example.com", null, id, null));
  }

  private CourseView untilStopped(WorkflowStub tiny) {
    return until(tiny, view -> view.state() == CourseView.State.STOPPED);
  }

  /** No time is skipped while waiting, since nobody awaits a result. */
  private static CourseView until(WorkflowStub tiny, Predicate<CourseView> condition) {
    Instant end = Instant.now().plusSeconds(30);
    while (true) {
      CourseView view = tiny.query("status", CourseView.class);
      if (condition.test(view)) {
        return view;
      }
      assertThat(Instant.now()).as(view.toString()).isBefore(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Its history grows long, and it continues in another run. */
  private void continues(WorkflowStub tiny) {
    String run = run(tiny);
    tiny.signal("noise", "x".repeat(1_200_000));
    Instant end = Instant.now().plusSeconds(30);
    while (run(tiny).equals(run)) {
      assertThat(Instant.now()).isBefore(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static String run(WorkflowStub tiny) {
    return tiny.describe().getExecution().getRunId();
  }

  private static CourseView failed(WorkflowStub tiny) {
    try {
      tiny.getResult(CourseView.class);
    } catch (WorkflowFailedException failed) {
      if (failed.getCause() instanceof ApplicationFailure failure) {
        assertThat(failure.getType()).isEqualTo(Course.FAILED);
        return failure.getDetails().get(CourseView.class);
      }
      throw failed;
    }
    throw new AssertionError("it did not fail");
  }

  private static StepView step(CourseView view, String name) {
    return view.steps().stream().filter(step -> step.name().equals(name)).findFirst().orElseThrow();
  }

  private static TestWorkflowEnvironment environment(FakeEffects effects) {
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder().setWorkflowClientOptions(TestTemporal.clientOptions());
    for (String attribute : PromotionAttributes.names()) {
      options.registerSearchAttribute(attribute, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
    }
    TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance(options.build());
    Worker worker = temporal.newWorker("portage");
    worker.registerWorkflowImplementationTypes(TinyWorkflow.Impl.class);
    worker.registerActivitiesImplementations(effects);
    temporal.start();
    return temporal;
  }

  /** Notes each call, and answers as told. */
  private static final class FakeEffects implements TinyWorkflow.Effects {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, FailureKind> failing = new ConcurrentHashMap<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> holds = new ConcurrentHashMap<>();

    void fail(String what, FailureKind kind) {
      failing.put(what, kind);
    }

    void allow(String what) {
      failing.remove(what);
    }

    void answer(String what, String answer) {
      answers.put(what, answer);
    }

    void hold(String what) {
      holds.put(what, new CountDownLatch(1));
    }

    void release(String what) {
      Objects.requireNonNull(holds.get(what)).countDown();
    }

    @Override
    public String effect(String what, String key) {
      calls.add(what + " " + key);
      try {
        CountDownLatch hold = holds.get(what);
        if (hold != null && !hold.await(60, TimeUnit.SECONDS)) {
          throw new IllegalStateException(what + " was not released");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupted);
      }
      FailureKind kind = failing.get(what);
      if (kind != null) {
        throw ApplicationFailure.newNonRetryableFailure(
            "x",
            kind.type(),
            Problem.of(kind, what, "prod", "the server said no to " + what, "Try again."));
      }
      return answers.getOrDefault(what, "ok");
    }
  }
}
