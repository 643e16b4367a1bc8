package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.job.RunRef;
import dev.portage.release.FollowUp;
import dev.portage.release.LiveVersion;
import dev.portage.scoring.DropOrder;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.LiveWritesQuery;
import dev.portage.scoring.PublishOrder;
import dev.portage.scoring.Published;
import dev.portage.scoring.ScoringActivities;
import dev.portage.scoring.StagingOrder;
import dev.portage.scoring.StagingTable;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Step {@code publish}: what a hop's run scores goes into a table of its own, is checked there, and
 * becomes visible right after the champion has moved. Until then readers see no row of it, and
 * whatever ends the hop before drops it.
 */
final class Publication {

  /** A classic SQL warehouse that was asleep takes minutes before it answers. */
  private static final Duration WAREHOUSE_START = Duration.ofMinutes(15);

  /**
   * Everyone else waits for the turn in the meantime, and the warehouse has just counted the rows.
   */
  private static final Duration UNDER_TURN = Duration.ofMinutes(5);

  private final Journey journey;
  private final Station target;
  private final String step;
  private final DirectRows direct;
  private @Nullable Staged staged;
  private @Nullable FollowUp left;
  private boolean isPublished;

  /**
   * A table that a run writes and that is not dropped.
   *
   * @param live full name of the table that readers see
   * @param table full name of the run's own
   * @param batchId the batch
   * @param turn number of the turn, null where turns have none
   * @param attempt business attempt of the step that has it written
   */
  record Staged(String live, String table, String batchId, @Nullable Long turn, Integer attempt) {}

  Publication(Journey journey, Station target) {
    this.journey = journey;
    this.target = target;
    this.step = StepNames.hop(target, StepNames.PUBLISH);
    this.direct = new DirectRows(journey, target);
    String kept = StepNames.hop(target, "staging table");
    staged = journey.journal().find(kept, Staged.class).orElse(null);
    journey.journal().keep(kept, () -> staged);
  }

  /** What a run writes where readers see it. */
  DirectRows direct() {
    return direct;
  }

  /** Whether readers see the batch, whose own table may be left. */
  boolean isPublished() {
    return isPublished;
  }

  /** Whether there is a table that is not dropped, and that is not for later. */
  boolean isPending() {
    return staged != null;
  }

  /**
   * Makes the table that a run is to write.
   *
   * @return the live table as it is
   */
  LiveTable prepare(BatchSettings batch, String batchId, Attempt attempt) {
    var grant = journey.turns().inHand();
    Staged made =
        new Staged(
            batch.table(),
            StagingTable.of(batch.table(), journey.start().key(), attempt.key()),
            batchId,
            grant == null ? null : grant.number(),
            attempt.number());
    staged = made;
    journey
        .progress()
        .outcome()
        .leaves(step, "table " + made.table() + " in " + target.workspace());
    LiveTable live = scoring("prepare table " + made.table()).prepareStaging(order());
    live.leftBeside().forEach(journey.progress()::notice);
    return live;
  }

  /** Full name of the table that the run writes. */
  String table() {
    return pending().table();
  }

  /** What has been written into the live table meanwhile, which nobody was to write. */
  LiveWrites liveWrites(LiveTable before, RunRef run) {
    Staged own = pending();
    return scoring("look whether table " + own.live() + " was written")
        .findLiveWrites(
            new LiveWritesQuery(
                target.workspace(), own.live(), before, own.batchId(), runIds(run)));
  }

  static List<Long> runIds(RunRef run) {
    List<Long> ids = new ArrayList<>(List.of(run.runId()));
    Long task = run.taskRunId();
    if (task != null) {
      ids.add(task);
    }
    ids.addAll(Objects.requireNonNullElse(run.otherTaskRuns(), List.of()));
    return ids;
  }

  /** Whether the rows fit into the live table: what does not is found before the champion moves. */
  void audit() {
    scoring("check that the predictions fit into " + pending().live()).auditStaging(order());
  }

  /**
   * Makes the batch visible, under the turn and within minutes. What can't be done in that time is
   * left for later, without the turn; nothing here stops or undoes anything, since the champion has
   * moved. To be called where no cancel is heard.
   */
  void publish(LiveVersion live) {
    Staged own = staged;
    if (own == null) {
      return;
    }
    PublishOrder order =
        new PublishOrder(
            target.workspace(),
            own.live(),
            own.table(),
            own.batchId(),
            own.turn(),
            journey.turns().inHand());
    try {
      journey
          .steps()
          .once(
              step,
              target.workspace(),
              attempt -> {
                Published published =
                    Stubs.statement(
                            ScoringActivities.class,
                            queue(),
                            UNDER_TURN,
                            "publish batch " + own.batchId() + " in " + own.live())
                        .publishPredictions(order);
                return Made.of(published, told(published, own));
              });
      isPublished = true;
    } catch (StepFailure failure) {
      later(live, order);
    }
  }

  private static String told(Published published, Staged own) {
    return "batch "
        + own.batchId()
        + " is visible in "
        + own.live()
        + (published.created() ? ", which it created" : "")
        + (published.added().isEmpty()
            ? ""
            : ", which has the new columns " + String.join(", ", published.added()));
  }

  /** The turn is lost or given back: what is not published is for later. */
  void later(LiveVersion live) {
    Staged own = staged;
    if (own != null) {
      later(
          live,
          new PublishOrder(
              target.workspace(), own.live(), own.table(), own.batchId(), own.turn(), null));
    }
  }

  private void later(LiveVersion live, PublishOrder order) {
    left = FollowUp.of(step, live, order.withoutTurn());
    staged = null;
    journey.progress().outcome().leaves(step, null);
  }

  /** What is to be published later; none where nothing is left. */
  List<FollowUp> left() {
    FollowUp order = left;
    return order == null ? List.of() : List.of(order);
  }

  /**
   * Drops the table, whatever happened: nobody reads it. To be called without the turn, since it
   * may wait for a warehouse. Heard also after a cancel; what can't be dropped is named.
   */
  void drop() {
    Staged own = staged;
    if (own == null) {
      return;
    }
    staged = null;
    Workflow.newDetachedCancellationScope(
            () -> {
              if (dropped(journey, target.workspace(), own.table())) {
                journey.progress().outcome().leaves(step, null);
              }
            })
        .run();
  }

  /**
   * Drops a run's own table.
   *
   * @return whether it is gone; if not, a notice says so
   */
  static boolean dropped(Journey journey, String workspace, String table) {
    try {
      Stubs.statement(
              ScoringActivities.class, Queues.of(workspace), WAREHOUSE_START, "drop table " + table)
          .dropStaging(new DropOrder(workspace, table));
      return true;
    } catch (TemporalFailure failure) {
      journey
          .progress()
          .notice(
              "table "
                  + table
                  + " in "
                  + workspace
                  + " could not be dropped; to drop it: DROP TABLE "
                  + table
                  + "; response: "
                  + Failures.line(failure));
      return false;
    }
  }

  /**
   * The same where the run has to be repeated: its key would find the run whose table is gone, so
   * the next one is a new business attempt.
   */
  void dropAndRepeat(String batchStep) {
    Staged own = staged;
    if (own != null) {
      drop();
      journey.steps().repeat(batchStep, own.attempt());
    }
  }

  private StagingOrder order() {
    Staged own = pending();
    return new StagingOrder(
        target.workspace(),
        own.live(),
        own.table(),
        true,
        journey.turns().inHand(),
        journey.id(),
        null);
  }

  private Staged pending() {
    return Objects.requireNonNull(staged, "a run writes its table");
  }

  private ScoringActivities scoring(String summary) {
    return Stubs.statement(ScoringActivities.class, queue(), WAREHOUSE_START, summary);
  }

  private String queue() {
    return Queues.of(target.workspace());
  }
}
