package dev.portage.order;

import dev.portage.document.Nearest;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.preflight.PlatformActivities;
import dev.portage.preflight.WorkspaceCalls;
import dev.portage.settings.Station;
import dev.portage.text.DetailsPage;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** See {@link OrderWorkflow}. */
public final class OrderWorkflowImpl implements OrderWorkflow {

  private final WorkspaceCalls calls;

  /** One that waits for workers as long as someone at a terminal would. */
  public OrderWorkflowImpl() {
    this(new WorkspaceCalls());
  }

  OrderWorkflowImpl(WorkspaceCalls calls) {
    this.calls = calls;
  }

  @Override
  public OrderView order(@Nullable RawValue given) {
    WorkspaceOrder order = OrderInput.read(given);
    // The server's clock, not that of whoever ordered it: workers compare with theirs.
    Instant now = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    OrderView view = carriedOut(order, now);
    Workflow.setCurrentDetails(DetailsPage.of(OrderText.page(view)));
    return view;
  }

  private OrderView carriedOut(WorkspaceOrder order, Instant now) {
    String wrong = wrong(order, now);
    if (wrong != null) {
      return refused(order, wrong, "Nothing was changed. Order it again with what is missing.");
    }
    return switch (order.kind()) {
      case FREEZE -> frozenOrNot(order, now);
      case UNFREEZE -> order.model() == null ? frozenOrNot(order, now) : letGo(order, now);
      case LIFT -> lifted(order, now);
    };
  }

  /** What is wrong with an order that no command checked, null if nothing is. */
  private static @Nullable String wrong(WorkspaceOrder order, Instant now) {
    if (order.reason().isBlank() || order.by().isBlank()) {
      return "it doesn't say who orders it and why";
    }
    return switch (order.kind()) {
      case FREEZE -> {
        Instant until = order.until();
        if (until == null) {
          yield "it doesn't say until when";
        }
        yield until.isAfter(now) ? null : until + " is in the past";
      }
      case UNFREEZE -> null;
      case LIFT ->
          order.model() == null || order.candidate() == null
              ? "it doesn't name a model and a candidate"
              : null;
    };
  }

  private OrderView frozenOrNot(WorkspaceOrder order, Instant now) {
    List<String> known;
    try {
      known =
          WorkspaceCalls.here(PlatformActivities.class, "which workspaces there are").workspaces();
    } catch (TemporalFailure failure) {
      return unread(order, failure);
    }
    List<String> meant = known.stream().filter(name -> isMeant(order, name)).toList();
    if (meant.isEmpty()) {
      WorkspaceOrder model = order.ofModel();
      return model == null ? unknown(order, known) : letGo(model, now);
    }
    Freezing freezing = new Freezing(calls, order, now);
    List<OrderAnswer> answers =
        everywhere(meant, order.kind() == OrderKind.FREEZE ? freezing::freeze : freezing::unfreeze);
    boolean nothing =
        order.kind() == OrderKind.UNFREEZE
            && answers.stream().noneMatch(answer -> answer.changed() || answer.problem() != null);
    if (nothing) {
      return new OrderView(
          id(),
          order,
          answers,
          Problem.of(
              FailureKind.USER,
              order.words(),
              where(order),
              (meant.size() == 1 ? "it is not frozen" : "no workspace is frozen") + notes(answers),
              "Nothing to do. What was frozen when: portage history MODEL"));
    }
    return new OrderView(id(), order, answers, null);
  }

  /** A model that is held, wherever it is. What is named may be no model either. */
  private OrderView letGo(WorkspaceOrder order, Instant now) {
    List<Station> stations;
    try {
      stations =
          WorkspaceCalls.here(PlatformActivities.class, "where " + order.model() + " may be held")
              .stations(String.valueOf(order.model()));
    } catch (TemporalFailure failure) {
      return unread(order, failure);
    }
    List<String> known = stations.stream().map(Station::workspace).toList();
    List<Station> meant =
        stations.stream().filter(station -> isMeant(order, station.workspace())).toList();
    if (meant.isEmpty()) {
      return unknown(order, known);
    }
    List<OrderAnswer> answers = everywhere(meant, new Freezing(calls, order, now)::letGo);
    if (answers.stream().anyMatch(answer -> answer.changed() || answer.problem() != null)) {
      return new OrderView(id(), order, answers, null);
    }
    String question = Nearest.question(String.valueOf(order.model()), known);
    return new OrderView(
        id(),
        order,
        answers,
        Problem.of(
            FailureKind.USER,
            order.words(),
            where(order),
            "no model of that name is held there"
                + (order.workspace() == null
                    ? ", and the workspaces are "
                        + String.join(", ", known)
                        + (question == null ? "" : "; " + question)
                    : ""),
            "Nothing to do. What was held when: portage history " + order.model()));
  }

  private static String notes(List<OrderAnswer> answers) {
    List<String> notes = answers.stream().flatMap(answer -> answer.notes().stream()).toList();
    return notes.isEmpty() ? "" : "; " + String.join("; ", notes);
  }

  private OrderView lifted(WorkspaceOrder order, Instant now) {
    List<Station> stations;
    try {
      stations =
          WorkspaceCalls.here(PlatformActivities.class, "where the candidate may be refused")
              .stations(String.valueOf(order.model()));
    } catch (TemporalFailure failure) {
      return unread(order, failure);
    }
    List<Station> meant =
        stations.stream().filter(station -> isMeant(order, station.workspace())).toList();
    if (meant.isEmpty()) {
      return unknown(order, stations.stream().map(Station::workspace).toList());
    }
    Lifting lifting = new Lifting(calls, order, now);
    List<Lifting.Read> reads = everywhere(meant, lifting::read);
    Naming naming =
        Naming.of(
            String.valueOf(order.candidate()),
            reads.stream().flatMap(read -> read.entries().stream()).toList());
    boolean allRead = reads.stream().allMatch(read -> read.problem() == null);
    if (naming.isAmbiguous() || (naming.named().isEmpty() && allRead)) {
      String model = String.valueOf(order.model());
      return refused(order, naming.says(model), naming.remedy(model));
    }
    return new OrderView(id(), order, everywhere(reads, read -> lifting.lift(read, naming)), null);
  }

  /** In all workspaces at once, answers in their order. */
  private static <T, R> List<R> everywhere(List<T> where, Function<T, R> what) {
    List<Promise<R>> promises =
        where.stream().map(one -> Async.function(() -> what.apply(one))).toList();
    return promises.stream().map(Promise::get).toList();
  }

  private static boolean isMeant(WorkspaceOrder order, String workspace) {
    return order.workspace() == null || workspace.equals(order.workspace());
  }

  private static OrderView unread(WorkspaceOrder order, TemporalFailure failure) {
    return new OrderView(
        id(),
        order,
        List.of(),
        Failures.problemOf(
            failure, "read the workspaces", "platform file", "run the command again"));
  }

  private static OrderView unknown(WorkspaceOrder order, List<String> known) {
    String written = String.valueOf(order.workspace());
    String question = Nearest.question(written, known);
    return refused(
        order,
        "platform file",
        "it has no workspace " + written + (question == null ? "" : "; " + question),
        "Nothing was changed. Name one of these, "
            + (order.model() == null ? "or all" : "or leave --workspace out for all of them")
            + ": "
            + String.join(", ", known));
  }

  private static OrderView refused(WorkspaceOrder order, String cameBack, String remedy) {
    return refused(order, where(order), cameBack, remedy);
  }

  private static OrderView refused(
      WorkspaceOrder order, String where, String cameBack, String remedy) {
    return new OrderView(
        id(),
        order,
        List.of(),
        Problem.of(FailureKind.USER, order.words(), where, cameBack, remedy));
  }

  private static String where(WorkspaceOrder order) {
    return order.workspace() == null ? "all workspaces" : "workspace " + order.workspace();
  }

  private static String id() {
    return Workflow.getInfo().getWorkflowId();
  }
}
