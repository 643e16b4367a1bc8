package dev.portage.promotion;

import dev.portage.scoring.DropOrder;
import dev.portage.scoring.Fit;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.LiveWritesQuery;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.PredictionQuery;
import dev.portage.scoring.PublishOrder;
import dev.portage.scoring.Published;
import dev.portage.scoring.RemoveOrder;
import dev.portage.scoring.Removed;
import dev.portage.scoring.RuleResult;
import dev.portage.scoring.RulesChecked;
import dev.portage.scoring.RulesQuery;
import dev.portage.scoring.ScoringActivities;
import dev.portage.scoring.StagingOrder;
import dev.portage.scoring.StagingTable;
import dev.portage.scoring.TableQuery;
import dev.portage.scoring.TableShape;
import dev.portage.scoring.TargetTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Tables of predictions in memory. */
final class FakeScoring implements ScoringActivities {

  /** The count before the next run of the job; null if there is no table yet. */
  volatile @Nullable PredictionCount predictionsBefore;

  volatile @Nullable PredictionCount predictions = new PredictionCount(true, 442, 442, 0);

  /** What removing a batch comes to. */
  volatile Removed removed = new Removed(0, null);

  /** Orders to remove batches, in order. */
  final List<RemoveOrder> removedBatches = new CopyOnWriteArrayList<>();

  /** What comes of the rules, by workspace. */
  final Map<String, List<RuleResult>> ruled = new ConcurrentHashMap<>();

  final List<RulesQuery> ruleQueries = new CopyOnWriteArrayList<>();

  /** What was written into a live table in the meantime, by workspace. */
  final Map<String, LiveWrites> liveWrites = new ConcurrentHashMap<>();

  /** What live tables take, by their workspace; without a plan, there is none. */
  final Map<String, TableShape> shapes = new ConcurrentHashMap<>();

  /** Tables that were described. */
  final List<TableQuery> described = new CopyOnWriteArrayList<>();

  /** What rows have that a workspace's table does not take. */
  final Map<String, List<String>> misfits = new ConcurrentHashMap<>();

  /** Workspaces whose worker is of a release that describes no tables. */
  final Set<String> oldWorkers = ConcurrentHashMap.newKeySet();

  /** What was said of leftovers of other promotions. */
  volatile List<String> left = List.of();

  final List<StagingOrder> prepared = new CopyOnWriteArrayList<>();

  /** Missing columns of live tables. */
  volatile List<String> missingColumns = List.of();

  /** Whether the team's job writes the table that it is given. */
  volatile boolean theirsWriteTheirTable = true;

  /** Existing tables of runs. */
  final Set<String> staging = ConcurrentHashMap.newKeySet();

  /** Requests to publish, repeats included. */
  final List<PublishOrder> published = new CopyOnWriteArrayList<>();

  private final FakeWorld world;

  FakeScoring(FakeWorld world) {
    this.world = world;
  }

  @Override
  public PredictionCount countPredictions(PredictionQuery query) {
    world.effect("countPredictions", "count");
    PredictionCount count = predictions;
    if (StagingTable.isOne(query.table())) {
      boolean written = theirsWriteTheirTable || world.jobs.theirs.isEmpty();
      if (count == null || !written) {
        return new PredictionCount(false, 0, 0, 0);
      }
      List<TargetTable> targets = query.targets();
      return targets == null
          ? count
          : count.fitting(
              targets.stream()
                  .map(target ->
                      new Fit(
                          target.shown(),
                          misfits.getOrDefault(target.workspace(), List.of()),
                          List.of("region")))
                  .toList());
    }
    PredictionCount before = predictionsBefore;
    if (before != null) {
      predictionsBefore = null;
      return before;
    }
    boolean scored = world.count("run job") > 0 || world.count("run their job") > 0;
    return scored && count != null ? count : new PredictionCount(scored, 0, 0, 0);
  }

  @Override
  public Removed removeBatch(RemoveOrder order) {
    world.effect("removeBatch", "remove batch in " + order.workspace());
    removedBatches.add(order);
    world.answer("removeBatch");
    return removed;
  }

  @Override
  public RulesChecked checkPredictions(RulesQuery query) {
    world.effect("checkPredictions", "check the rules in " + query.workspace());
    world.answer("checkPredictions");
    ruleQueries.add(query);
    return new RulesChecked(ruled.getOrDefault(query.workspace(), List.of()));
  }

  @Override
  public TableShape describeTable(TableQuery query) {
    if (oldWorkers.contains(query.workspace())) {
      throw new IllegalArgumentException(
          "Activity Type \"DescribeTable\" is not registered with a worker. Known types are: x");
    }
    world.effect("describeTable", "describe table in " + query.workspace());
    described.add(query);
    return shapes.getOrDefault(query.workspace(), TableShape.none());
  }

  @Override
  public LiveTable prepareStaging(StagingOrder order) {
    world.effect("prepareStaging", "prepare table in " + order.workspace());
    staging.add(order.staging());
    prepared.add(order);
    return new LiveTable(true, 7L, null, missingColumns.isEmpty() ? null : missingColumns)
        .leaving(left);
  }

  @Override
  public LiveWrites findLiveWrites(LiveWritesQuery query) {
    world.effect("findLiveWrites", "look at the live table in " + query.workspace());
    return liveWrites.getOrDefault(query.workspace(), LiveWrites.none());
  }

  @Override
  public void auditStaging(StagingOrder order) {
    world.effect("auditStaging", "audit in " + order.workspace());
  }

  @Override
  public Published publishPredictions(PublishOrder order) {
    published.add(order);
    world.effect("publishPredictions", "publish in " + order.workspace());
    world.answer("publishPredictions");
    return new Published(false, List.of());
  }

  @Override
  public void dropStaging(DropOrder order) {
    world.effect("dropStaging", "drop table in " + order.workspace());
    staging.remove(order.staging());
  }
}
