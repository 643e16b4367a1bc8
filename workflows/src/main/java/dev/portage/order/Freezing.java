package dev.portage.order;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeActivities;
import dev.portage.freeze.FreezeOrder;
import dev.portage.freeze.FrozenWorkflow;
import dev.portage.freeze.UnfreezeOrder;
import dev.portage.preflight.WorkspaceCalls;
import dev.portage.settings.Station;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** Workflow code: freezes a workspace, or ends its freezes. */
final class Freezing {

  private static final int LISTED = 5;

  private static final String WAITING = "; promotions that wait continue now";

  private final WorkspaceCalls calls;
  private final WorkspaceOrder order;
  private final Instant now;

  Freezing(WorkspaceCalls calls, WorkspaceOrder order, Instant now) {
    this.calls = calls;
    this.order = order;
    this.now = now;
  }

  /** Freezes it; whoever orders the same while it holds learns that it does. */
  OrderAnswer freeze(String workspace) {
    return answered(
        workspace,
        () -> {
          List<Freeze> known = known(workspace);
          List<Freeze> same = known.stream().filter(this::isOrdered).limit(1).toList();
          if (!same.isEmpty()) {
            return new OrderAnswer(
                workspace,
                false,
                same.getFirst().text() + ", as ordered before",
                same,
                List.of(),
                besides(known, same),
                null);
          }
          Freeze freeze =
              ask(
                  workspace,
                  "freeze " + workspace,
                  freezes ->
                      freezes.freeze(
                          new FreezeOrder(
                              Workflow.getInfo().getFirstExecutionRunId(),
                              workspace,
                              Objects.requireNonNull(order.until(), "checked before"),
                              order.by(),
                              order.reason(),
                              now)));
          return new OrderAnswer(
              workspace,
              true,
              freeze.text(),
              List.of(freeze),
              List.of(),
              besides(known, List.of(freeze)),
              null);
        });
  }

  /** Ends what was ordered by command. What the platform file freezes stays so, and is told. */
  OrderAnswer unfreeze(String workspace) {
    return answered(
        workspace,
        () -> {
          List<Freeze> ended =
              ask(
                  workspace,
                  "end the freezes of " + workspace,
                  freezes ->
                      freezes.unfreeze(
                          new UnfreezeOrder(workspace, order.by(), order.reason(), now)));
          wake(workspace);
          List<Freeze> left = known(workspace);
          List<Freeze> holding = left.stream().filter(freeze -> freeze.holdsAt(now)).toList();
          String text =
              ended.isEmpty()
                  ? workspace + " was not frozen"
                  : "ended in "
                      + workspace
                      + ": "
                      + Bounded.listed(ended.stream().map(Freezing::named).toList(), "; ", LISTED);
          if (holding.isEmpty()) {
            List<String> notes = new ArrayList<>(besides(left, List.of()));
            notes.addAll(heldModels(workspace));
            return ended.isEmpty()
                ? OrderAnswer.unchanged(workspace, text, notes)
                : new OrderAnswer(workspace, true, text + WAITING, ended, List.of(), notes, null);
          }
          Problem still =
              Problem.of(
                  FailureKind.USER,
                  order.words(),
                  "workspace " + workspace,
                  (ended.isEmpty() ? "" : text + "; but ") + holding.getFirst().text(),
                  holding.getFirst().remedy());
          return new OrderAnswer(
              workspace,
              !ended.isEmpty(),
              still.cameBack() + " → " + still.remedy(),
              ended,
              List.of(),
              List.of(),
              still);
        });
  }

  /** Those that are held up look for themselves which freezes are left. There may be none. */
  private static void wake(String workspace) {
    try {
      Workflow.newUntypedExternalWorkflowStub(FrozenWorkflow.idOf(workspace))
          .signal(FrozenWorkflow.ENDED);
    } catch (ApplicationFailure nobody) {
      // No promotion is held up.
    }
  }

  private static String named(Freeze freeze) {
    return "the freeze until "
        + freeze.until()
        + " by "
        + freeze.by()
        + " ("
        + freeze.reason()
        + ")";
  }

  /** Whether it is what is ordered here. */
  private boolean isOrdered(Freeze freeze) {
    return !freeze.isOfPlatformFile()
        && freeze.holdsAt(now)
        && freeze.until().equals(order.until())
        && freeze.by().equals(order.by())
        && freeze.reason().equals(order.reason());
  }

  /** The platform file may hold hundreds that are to come. */
  private static List<String> besides(List<Freeze> known, List<Freeze> said) {
    List<Freeze> others =
        known.stream()
            .filter(freeze -> said.stream().noneMatch(one -> one.id().equals(freeze.id())))
            .toList();
    List<String> notes =
        new ArrayList<>(others.stream().limit(LISTED).map(Freezing::described).toList());
    if (others.size() > LISTED) {
      notes.add("and " + (others.size() - LISTED) + " more freezes");
    }
    return notes;
  }

  private static String described(Freeze freeze) {
    return "another freeze of "
        + freeze.workspace()
        + ": from "
        + freeze.from()
        + " until "
        + freeze.until()
        + " by "
        + freeze.by()
        + ": "
        + freeze.reason();
  }

  /** Lets go of a model: its promotions that wait continue. */
  OrderAnswer letGo(Station station) {
    String workspace = station.workspace();
    return answered(
        workspace,
        () -> {
          List<Freeze> ended =
              ask(
                  workspace,
                  "let go of " + station.model() + " in " + workspace,
                  freezes ->
                      freezes.unfreeze(
                          new UnfreezeOrder(
                              workspace, order.by(), order.reason(), now, station.model())));
          if (ended.isEmpty()) {
            return OrderAnswer.unchanged(
                workspace, order.model() + " was not held in " + workspace, List.of());
          }
          wake(workspace);
          List<String> frozen =
              known(workspace).stream()
                  .filter(freeze -> freeze.holdsAt(now))
                  .map(freeze -> freeze.text() + ". " + freeze.remedy())
                  .limit(LISTED)
                  .toList();
          return new OrderAnswer(
              workspace,
              true,
              "let go of "
                  + order.model()
                  + " in "
                  + workspace
                  + ", held since "
                  + ended.getFirst().from()
                  + " by "
                  + ended.getFirst().by()
                  + " ("
                  + ended.getFirst().reason()
                  + ")"
                  + (frozen.isEmpty() ? WAITING : ""),
              ended,
              List.of(),
              frozen,
              null);
        });
  }

  /** Those of the whole workspace. */
  private List<Freeze> known(String workspace) {
    return all(workspace).stream().filter(freeze -> !freeze.isOfModel()).toList();
  }

  /** A model may be called as a workspace is: then it stays held, and that is said. */
  private List<String> heldModels(String workspace) {
    return all(workspace).stream()
        .filter(freeze -> freeze.isOfModel() && freeze.holdsAt(now))
        .filter(freeze -> workspace.equals(freeze.name()) || workspace.equals(freeze.model()))
        .map(freeze ->
            freeze.text()
                + ". That is the model of this name; to let go of it: "
                + Freeze.letGo(workspace))
        .toList();
  }

  private List<Freeze> all(String workspace) {
    return ask(
        workspace, "read the freezes of " + workspace, freezes -> freezes.freezes(workspace));
  }

  private <R> R ask(String workspace, String what, Function<FreezeActivities, R> call) {
    return calls.ask(FreezeActivities.class, workspace, what, call);
  }

  private OrderAnswer answered(String workspace, Supplier<OrderAnswer> answer) {
    try {
      return answer.get();
    } catch (TemporalFailure failure) {
      return OrderAnswer.failed(
          workspace,
          Failures.problemOf(
              failure, order.words(), "workspace " + workspace, "run the command again"));
    }
  }
}
