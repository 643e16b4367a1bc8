package dev.portage.command;

import dev.portage.approval.Decision;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.approval.Request;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.lane.TurnRequest;
import dev.portage.live.LiveState;
import dev.portage.plan.Action;
import dev.portage.plan.Plan;
import dev.portage.promotion.CarriedOver;
import dev.portage.promotion.PromotionStart;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.promotion.PromotionWorkflow;
import dev.portage.registry.Marking;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.release.FollowUp;
import dev.portage.release.LiveVersion;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import dev.portage.serving.SoakDesk;
import dev.portage.serving.SoakOrder;
import dev.portage.settings.EffectiveValue;
import dev.portage.step.StepView;
import dev.portage.temporal.Memos;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.DynamicSignalHandler;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A promotion that trains instantly, waits for one approval, and is released. Some model names
 * behave differently: "stops" stops in training until resumed; "errs" stops too, and only a new
 * commit helps; "lives" is registered as another name, waits while its model goes live, and ignores
 * a cancel; "leaves" is released at once with an unfinished label; "carries" continues as a new run
 * once it is resumed; "trains" has an activity running all the time; "queues" waits for its turn in
 * prod until someone approves; "freezes" is held up by a freeze until two people break the glass;
 * "serves" watches 5 % and then 50 % of the traffic before it asks, each until someone lets it go
 * on, and stops once it is aborted.
 */
public class FakePromotion implements PromotionWorkflow {

  private static final FollowUp LABEL =
      FollowUp.of(
          "prod/release",
          new LiveVersion("prod", "leaves", Marking.ALIASES, "4"),
          new VersionLabels("prod", "leaves", "4", Map.of(Tags.RELEASE, Tags.LIVE)));

  private static final List<LiveState> SERVED =
      List.of(
          new LiveState(
              "serve",
              true,
              "4",
              "endpoint serves with version 4",
              Map.of(
                  "endpoint",
                  "serves",
                  "address",
                  "https://prod.example.com/serving-endpoints/serves/invocations",
                  "ready",
                  "READY"),
              null));

  private final PromotionStart start;
  private final List<StepView> steps = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Decision> decisions = new ArrayList<>();
  private final List<Release> releases = new ArrayList<>();
  private PromotionState state = PromotionState.RUNNING;
  private String says = "starting";
  private @Nullable Problem problem;
  private @Nullable String open;
  private List<Unfinished> unfinished = List.of();
  private final List<String> glass = new ArrayList<>();
  private final SoakDesk traffic = new SoakDesk();
  private final Map<String, Receipt> ordered = new HashMap<>();

  @WorkflowInit
  public FakePromotion(PromotionStart start, @Nullable CarriedOver carriedOver) {
    this.start = start;
    Workflow.registerListener(
        (DynamicSignalHandler)
            (name, arguments) -> {
              DecisionMessage message = arguments.get(0, DecisionMessage.class);
              switch (name) {
                case "break-glass" -> glass(message);
                case "proceed" -> order(SoakOrder.What.PROCEED, message);
                case "abort" -> order(SoakOrder.What.ABORT, message);
                default -> take(Verdict.valueOf(name.toUpperCase(Locale.ROOT)), message);
              }
            });
  }

  @Override
  public PromotionView promote(PromotionStart same, @Nullable CarriedOver carriedOver) {
    try {
      if (start.model().equals("stops") || start.model().equals("errs")) {
        stop();
      }
      if (start.model().equals("leaves")) {
        unfinished = List.of(new Unfinished(LABEL, "you may not set tags"));
        Workflow.upsertMemo(Map.of(Memos.UNFINISHED, unfinished.getFirst().text()));
        state = PromotionState.RELEASED;
        says = "released v4 in prod";
        return view();
      }
      if (start.model().equals("freezes")) {
        state = PromotionState.FROZEN;
        says = "prod is frozen until 2999-12-31T18:00:00Z by ops@example.com: year end";
        Workflow.await(() -> glass.size() == 2);
      }
      if (start.model().equals("queues")) {
        steps.add(
            new StepView("prod/turn", StepView.State.RUNNING, 1, now(), null, null, null, null));
        Workflow.upsertTypedSearchAttributes(PromotionAttributes.STEP.valueSet("prod/turn"));
        says = "waiting for the turn of ml.queues in prod; lane/prod/ml.queues shows who holds it";
        Workflow.await(() -> !decisions.isEmpty());
        steps.clear();
      }
      if (start.model().equals("trains")) {
        Unhurried.begin("RunNotebook");
      }
      if (start.model().equals("serves")) {
        moveTraffic();
      }
      done("train", "run 8f3a, rmse 53.4 ##vso[task.complete result=Succeeded]");
      if (start.model().equals("lives")) {
        done("prod/champion", "version 4");
        Workflow.await(() -> false);
      }
      ask();
      Workflow.await(() -> !decisions.isEmpty());
      if (start.model().equals("carries")
          && Workflow.getInfo().getContinuedExecutionRunId().isEmpty()) {
        Workflow.continueAsNew(start);
      }
      open = null;
      if (decisions.getLast().verdict() == Verdict.REJECT) {
        state = PromotionState.REJECTED;
        says = "rejected by " + decisions.getLast().by();
        throw ApplicationFailure.newBuilder()
            .setType(REJECTED)
            .setMessage(says)
            .setDetails(view())
            .setNonRetryable(true)
            .build();
      }
      releases.add(
          Release.of(start.workflowId(), "prod", start.model(), "4", "d".repeat(64), now())
              .previousVersion("3")
              .commit(start.commit())
              .decisions(decisions)
              .states(start.model().equals("serves") ? SERVED : null, null)
              .build());
      state = PromotionState.RELEASED;
      says = "released v4 in prod";
      return view();
    } catch (CanceledFailure cancelled) {
      String reason = CancellationScope.current().getCancellationReason();
      boolean live = view().pastNoReturn();
      state = live ? PromotionState.RELEASED : PromotionState.CANCELLED;
      says = live ? "released v4 in prod" : "cancelled " + reason + "; nothing of it is live";
      Workflow.upsertTypedSearchAttributes(PromotionAttributes.STATE.valueSet(state.name()));
      Workflow.upsertMemo(Map.of(Memos.SAYS, says));
      if (live) {
        return view();
      }
      throw cancelled;
    }
  }

  private void stop() {
    problem =
        Problem.of(
            FailureKind.USER,
            "run notebooks/train.py",
            "workspace dev",
            "ValueError: no rows",
            start.model().equals("errs")
                ? "Fix notebooks/train.py in a new commit."
                : "Fix the notebook.");
    state = PromotionState.STOPPED;
    says = "stopped at train: ValueError: no rows\n  in cell 3\n  of the notebook";
    Workflow.await(() -> !decisions.isEmpty());
    decisions.clear();
    problem = null;
    state = PromotionState.RUNNING;
  }

  /** As a cutover does, but that only people end its soaks. */
  private void moveTraffic() {
    traffic.begin("prod/serve of version 4");
    for (int percent : List.of(5, 50)) {
      says = percent + " % of the traffic";
      traffic.soaks(true);
      Workflow.await(() -> traffic.order() != null);
      traffic.soaks(false);
      SoakOrder order = Objects.requireNonNull(traffic.order());
      traffic.carriedOut();
      if (order.what() == SoakOrder.What.ABORT) {
        problem =
            Problem.of(
                FailureKind.USER,
                "move traffic to version 4",
                "workspace prod",
                "aborted by " + order.by(),
                "All traffic goes back. To try again: portage resume " + start.workflowId());
        state = PromotionState.STOPPED;
        says = "stopped at prod/serve: aborted by " + order.by();
        Workflow.await(() -> !decisions.isEmpty());
        decisions.clear();
        problem = null;
        state = PromotionState.RUNNING;
        break;
      }
    }
    traffic.end();
  }

  /** An order about the traffic is none of those that are recorded as decisions. */
  private Receipt order(SoakOrder.What what, DecisionMessage message) {
    String id = String.valueOf(message.id());
    String once = what + " " + id;
    Receipt before = ordered.get(once);
    if (before != null) {
      return before;
    }
    String by = String.valueOf(message.by());
    String step = traffic.step();
    String refused = traffic.take(new SoakOrder(what, by, message.comment()));
    if (refused != null) {
      return new Receipt(id, "", refused);
    }
    Receipt receipt =
        new Receipt(
            id,
            switch (what) {
              case PROCEED ->
                  by
                      + " lets "
                      + step
                      + " go on: the next share of the traffic follows without another look";
              case ABORT -> by + " aborts " + step + ": all traffic goes back";
            },
            null);
    ordered.put(once, receipt);
    return receipt;
  }

  private void done(String step, String made) {
    steps.add(new StepView(step, StepView.State.DONE, 1, now(), now(), made, null, null));
  }

  private void ask() {
    Plan plan =
        new Plan(
            "prod", List.of(new Action("prod/champion", "alias", "version 3", "<new version>")));
    Evidence evidence =
        new Evidence(
            "prod",
            List.of(new GateResult("rmse", GateOutcome.PASS, "53.4", "<= 60")),
            GateOutcome.PASS,
            "3",
            "d".repeat(64),
            "e".repeat(64),
            "f".repeat(64));
    requests.add(
        new Request(
            "prod-1",
            "prod",
            "d".repeat(64),
            evidence,
            plan,
            List.of("model-owners"),
            now(),
            now().plus(Duration.ofDays(14))));
    open = "prod-1";
    state = PromotionState.WAITING;
    says =
        "waiting for approval prod-1 until "
            + requests.getLast().expires().truncatedTo(ChronoUnit.MINUTES);
  }

  @Override
  public PromotionView status() {
    return view();
  }

  private PromotionView view() {
    return PromotionView.of(
            Workflow.getInfo().getWorkflowId(),
            start.model(),
            state,
            says,
            start.fileHash(),
            start.startedBy(),
            now())
        .next(
            state == PromotionState.STOPPED && !start.model().equals("errs")
                ? "portage resume " + start.workflowId()
                : null)
        .commit(start.commit())
        .committer(start.committer())
        .path(List.of("dev", "prod"))
        .settings(
            start.model().equals("lives")
                ? List.of(new EffectiveValue("prod.model", "prod.ml.living", "portage.yaml:4"))
                : List.of())
        .steps(steps)
        .request(open)
        .requests(requests)
        .decisions(decisions)
        .problem(problem)
        .releases(releases)
        .unfinished(unfinished)
        .build();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  private Receipt take(Verdict verdict, DecisionMessage message) {
    Receipt receipt =
        new Receipt(String.valueOf(message.id()), message.request() + ": nobody is missing", null);
    if (verdict == Verdict.APPROVE && start.startedBy().equals(message.by())) {
      String refused = message.by() + " started it and may not approve it";
      return new Receipt(receipt.id(), "refused: " + refused, refused);
    }
    if (decisions.stream().anyMatch(decision -> decision.id().equals(message.id()))) {
      return receipt;
    }
    decisions.add(
        Decision.of(
                String.valueOf(message.id()),
                String.valueOf(message.request()),
                verdict,
                String.valueOf(message.by()),
                now())
            .group("model-owners")
            .comment(message.comment())
            .build());
    return receipt;
  }

  @Override
  public @Nullable TurnRequest turnWanted() {
    return start.model().equals("queues")
        ? new TurnRequest("prod", "ml.queues", start.workflowId(), "prod-1")
        : null;
  }

  @Override
  public Receipt approve(@Nullable RawValue sent) {
    DecisionMessage message = read(sent);
    // As it is while the platform file can't be read.
    if ("waits".equals(message.comment())) {
      says += "; what " + message.by() + " says is stored and waiting: portage.yaml:3: unknown key";
    }
    Workflow.await(() -> !"waits".equals(message.comment()));
    return take(Verdict.APPROVE, message);
  }

  @Override
  public Receipt reject(@Nullable RawValue sent) {
    return take(Verdict.REJECT, read(sent));
  }

  @Override
  public Receipt resume(@Nullable RawValue sent) {
    return take(Verdict.RESUME, read(sent));
  }

  @Override
  public Receipt proceed(@Nullable RawValue sent) {
    return order(SoakOrder.What.PROCEED, read(sent));
  }

  @Override
  public Receipt abort(@Nullable RawValue sent) {
    return order(SoakOrder.What.ABORT, read(sent));
  }

  @Override
  public Receipt breakGlass(@Nullable RawValue sent) {
    return glass(read(sent));
  }

  private Receipt glass(DecisionMessage message) {
    String by = String.valueOf(message.by());
    String id = String.valueOf(message.id());
    if (glass.contains(by)) {
      String refused = by + " ordered it, and a second person has to confirm it";
      return new Receipt(id, "refused: " + refused, refused);
    }
    glass.add(by);
    String order = "break-glass for prod ordered by " + glass.getFirst();
    return new Receipt(
        id,
        glass.size() == 1
            ? order + ": " + message.comment() + "; a second person has to confirm it within 1h"
            : order + ", confirmed by " + by,
        null);
  }

  private static DecisionMessage read(@Nullable RawValue sent) {
    return Payloads.dataConverter()
        .fromPayload(
            Objects.requireNonNull(sent).getPayload(),
            DecisionMessage.class,
            DecisionMessage.class);
  }
}
