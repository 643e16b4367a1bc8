package dev.portage.watch;

import dev.portage.connection.TemporalConnection;
import dev.portage.connection.TimeLimit;
import dev.portage.lane.LaneState;
import dev.portage.lane.TurnRequest;
import dev.portage.promotion.PromotionView;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DataConverterException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who holds the turn that a promotion waits for. The command queries the lane, not the promotion:
 * the holder changes while the promotion waits, and is no part of its history.
 */
final class TurnHolders {

  /** A lane or a promotion without a worker holds nobody up. */
  private static final Duration QUERY = Duration.ofSeconds(3);

  private static final String HELD_BY = ", held by ";

  private final TemporalConnection connection;

  TurnHolders(TemporalConnection connection) {
    this.connection = connection;
  }

  /** The promotion; where it waits for a turn, saying who holds it. */
  PromotionView now(PromotionView view) {
    return view.waitsForTurn() ? holder(view.id()).map(view::saying).orElse(view) : view;
  }

  /** Whether a promotion says who holds the turn that it waits for. */
  static boolean isKnown(PromotionView view) {
    return view.waitsForTurn() && view.says().contains(HELD_BY);
  }

  /**
   * Which turn a promotion waits for, who holds it and since when; empty when it waits for none, or
   * nobody holds it, or no worker answers.
   */
  Optional<String> holder(String promotion) {
    return asked(promotion, "turnWanted", TurnRequest.class)
        .flatMap(wanted ->
            asked(wanted.laneId(), "state", LaneState.class)
                .flatMap(lane -> says(promotion, wanted, lane)));
  }

  /**
   * Who holds a turn that a rollback would take, and since when; empty when nobody does, or no
   * worker answers.
   *
   * @param model full name of the registered model
   */
  Optional<String> before(String workspace, String model) {
    TurnRequest wanted = new TurnRequest(workspace, model, "", "");
    return asked(wanted.laneId(), "state", LaneState.class)
        .flatMap(lane ->
            Optional.ofNullable(lane.holder())
                .map(holder ->
                    "the turn of "
                        + model
                        + " in "
                        + workspace
                        + " is held by "
                        + held(holder, lane)
                        + (holder.isPromotion()
                            ? ": it is told to undo what it changed there, which is waited for, and"
                                + " comes again behind the rollback"
                            : ": the rollback waits until it gives it back")));
  }

  /**
   * Who has, or waits for, the turn of a model in a workspace: the holder first; nobody where no
   * worker answers.
   *
   * @param model full name of the registered model
   */
  List<TurnRequest> all(String workspace, String model) {
    return asked(new TurnRequest(workspace, model, "", "").laneId(), "state", LaneState.class)
        .map(lane ->
            Stream.concat(Stream.ofNullable(lane.holder()), lane.waiting().stream()).toList())
        .orElse(List.of());
  }

  private static String held(TurnRequest holder, LaneState lane) {
    return holder.holder()
        + (lane.since() == null ? "" : " since " + lane.since().truncatedTo(ChronoUnit.SECONDS));
  }

  private static Optional<String> says(String promotion, TurnRequest wanted, LaneState lane) {
    TurnRequest holder = lane.holder();
    // One that holds it itself is about to continue.
    if (holder == null || holder.holder().equals(promotion)) {
      return Optional.empty();
    }
    return Optional.of(
        "waiting for the turn of "
            + wanted.model()
            + " in "
            + wanted.workspace()
            + HELD_BY
            + held(holder, lane));
  }

  private <T> Optional<T> asked(String workflow, String query, Class<T> type) {
    WorkflowStub stub = connection.client().newUntypedWorkflowStub(workflow);
    try {
      return Optional.ofNullable(TimeLimit.call(QUERY, () -> stub.query(query, type)));
    } catch (WorkflowException | DataConverterException _) {
      // It has ended, no worker answers, or an older one knows no such question.
      return Optional.empty();
    }
  }
}
