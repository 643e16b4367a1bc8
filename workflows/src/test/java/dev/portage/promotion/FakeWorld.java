package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.People;
import dev.portage.approval.PeopleActivities;
import dev.portage.approval.PeopleQuery;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.clearance.ClearanceRecords;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyDuplicates;
import dev.portage.copy.CopyMethods;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPlan;
import dev.portage.copy.CopyPreview;
import dev.portage.copy.CopyResult;
import dev.portage.copy.FinishOrder;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.ManifestQuery;
import dev.portage.copy.Partition;
import dev.portage.copy.PartitionOrder;
import dev.portage.copy.PartitionResult;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.Verify;
import dev.portage.copy.WriteCapabilities;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.gate.EvaluationActivities;
import dev.portage.gate.EvaluationOrder;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateResult;
import dev.portage.gate.Gates;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryPage;
import dev.portage.history.HistoryQuery;
import dev.portage.history.ReleaseAt;
import dev.portage.history.ReleaseAtQuery;
import dev.portage.identity.Aliases;
import dev.portage.notice.NoticeActivities;
import dev.portage.notice.NoticeOrder;
import dev.portage.notice.NoticeReceiver;
import dev.portage.notice.ReceiverActivities;
import dev.portage.notice.ReceiverQuery;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.registry.Champion;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.release.ReleaseOrder;
import dev.portage.rollback.WayBack;
import dev.portage.rollback.WayBackActivities;
import dev.portage.rollback.WayBackQuery;
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
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Concurrency;
import dev.portage.settings.CopyRequest;
import dev.portage.settings.CopySettings;
import dev.portage.settings.Identity;
import dev.portage.settings.PredictionCheck;
import dev.portage.settings.PredictionRules;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsActivities;
import dev.portage.settings.SettingsOrder;
import dev.portage.settings.Station;
import dev.portage.settings.Threshold;
import dev.portage.settings.Work;
import dev.portage.settings.WorkspaceNames;
import dev.portage.tracking.Making;
import dev.portage.tracking.RunChoice;
import dev.portage.tracking.RunLabels;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrackingActivities;
import dev.portage.tracking.TrainedRun;
import dev.portage.trigger.TriggerActivities;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.Triggers;
import io.temporal.activity.Activity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Workspaces in memory, for workflow tests: every effect is recorded in {@link #effects}, and any
 * step can be made to fail.
 */
final class FakeWorld
    implements SettingsActivities,
        PeopleActivities,
        dev.portage.settings.CopySettingsActivities,
        TrackingActivities,
        CopyActivities,
        ScoringActivities,
        TriggerActivities,
        EvaluationActivities,
        ReleaseActivities,
        HistoryActivities,
        WayBackActivities,
        ReceiverActivities,
        NoticeActivities {

  static final String DIGEST = "a".repeat(64);

  static final CopyMethods METHODS =
      new CopyMethods(
          new ReadCapabilities("through the MLflow server", true, true),
          new WriteCapabilities("through the MLflow server", null),
          new ReadCapabilities("through the MLflow server", true, true),
          Verify.FULL,
          1);

  final List<String> effects = new CopyOnWriteArrayList<>();

  final ClearanceRecords clearance =
      new ClearanceRecords(call -> effect(call.substring(0, call.indexOf(' ')), call));

  /** Rollbacks that want a turn; no workflow runs for them. */
  final Set<String> rollbacks = ConcurrentHashMap.newKeySet();

  volatile @Nullable Concurrency concurrency;

  /** Releases by run. */
  final Map<String, Release> records = new ConcurrentHashMap<>();

  /** The logs of all workspaces, as they were written. */
  final List<HistoryEvent> log = new CopyOnWriteArrayList<>();

  /** What a reader of the log is told besides. */
  volatile List<String> unreadable = List.of();

  volatile List<String> unregistered = List.of();

  /** Duplicate checks, in order. */
  final List<String> looks = new CopyOnWriteArrayList<>();

  /** Results of duplicate checks, by names such as "run in prod"; by default nothing is found. */
  final Map<String, Deque<DuplicatesRemoved>> twins = new ConcurrentHashMap<>();

  final Map<String, Deque<RuntimeException>> faults = new ConcurrentHashMap<>();

  /** Marks a call that succeeds in a queue of faults. */
  private static final class NoFault extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final Map<String, RuntimeException> refused = new ConcurrentHashMap<>();
  private final Map<String, Hold> holds = new ConcurrentHashMap<>();
  final FakeRegistry registry = new FakeRegistry(this);
  final FakeJobs jobs = new FakeJobs(this);
  final FakeGrants grants = new FakeGrants(this);
  final FakeEndpoints endpoints = new FakeEndpoints(this);

  /** How models are served; null for not at all. */
  volatile @Nullable ServeSettings serve;

  Map<String, Double> metrics = Map.of("rmse", 53.4);
  List<String> approvers = List.of("model-owners");

  /** The platform file's current groups. */
  volatile Map<String, List<String>> groups =
      Map.of(
          "model-owners", List.of("ana@example.com", "kim@example.com"),
          "model-risk", List.of("rui@example.com"));

  /** The platform file's current people. */
  volatile Map<String, List<String>> people = Map.of();

  /** What runs record about their training; null for runs from before this was read. */
  volatile @Nullable Making making;

  boolean withBatch = true;

  /** The training step. */
  volatile Work trains = new Work.Notebook("notebooks/train.py", Map.of(), Duration.ofHours(1));

  /** The check step. */
  volatile Work checks = new Work.Notebook("notebooks/check.py", Map.of(), Duration.ofHours(1));

  /** The scoring step; null for one of the example's notebooks. */
  volatile @Nullable Work scores;

  /** What the file says about checking the predictions. */
  volatile @Nullable PredictionCheck predictionCheck;

  volatile boolean copyGoesOn;

  /** What the search for a run reports about it. */
  volatile UnaryOperator<TrainedRun> found = UnaryOperator.identity();

  /** The last search for a run. */
  volatile @Nullable RunSearch searched;

  /** How a large copy is partitioned; empty for a small model. */
  List<Partition> partitions = List.of();

  List<String> targets = List.of("prod");

  /** The count before the next run of the job; null if there is no table yet. */
  volatile @Nullable PredictionCount predictionsBefore;

  volatile @Nullable PredictionCount predictions = new PredictionCount(true, 442, 442, 0);

  /** What the predictions must look like; null for no rules. */
  volatile @Nullable PredictionRules rules;

  /** What removing a batch comes to. */
  volatile Removed removed = new Removed(0, null);

  /** Orders to remove batches, in order. */
  final List<RemoveOrder> removedBatches = new CopyOnWriteArrayList<>();

  /** What starts elsewhere, by workspace. */
  final Map<String, Triggers> triggers = new ConcurrentHashMap<>();

  /** What comes of the rules, by workspace. */
  final Map<String, List<RuleResult>> ruled = new ConcurrentHashMap<>();

  final List<RulesQuery> ruleQueries = new CopyOnWriteArrayList<>();

  /** Whether and how scoring is rehearsed; null as before rehearsals existed. */
  volatile @Nullable RehearsalSettings rehearsal;

  /** What measures candidate and champion on the same data; null for nothing. */
  volatile @Nullable Work evaluates;

  /** What was written into a live table in the meantime, by workspace. */
  final Map<String, LiveWrites> liveWrites = new ConcurrentHashMap<>();

  /** Who is told; null as settings were before anybody was. */
  volatile @Nullable List<NoticeReceiver> receivers = List.of();

  /** Groups that may decide from half of the time on. */
  volatile List<String> escalateTo = List.of();

  /** Time after which an undecided request counts as rejected. */
  volatile Duration expires = Duration.ofDays(14);

  /** What receivers got, in order, as often as it came. */
  final List<NoticeOrder> delivered = new CopyOnWriteArrayList<>();

  /** What live tables take, by their workspace; without a plan, there is none. */
  final Map<String, TableShape> shapes = new ConcurrentHashMap<>();

  /** Tables that were described. */
  final List<TableQuery> described = new CopyOnWriteArrayList<>();

  /** What targets call their things, where it differs. */
  final Map<String, WorkspaceNames> names = new ConcurrentHashMap<>();

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

  /** This many partitions with this many files and bytes each. */
  static List<Partition> cut(int number, int files, long bytes) {
    return IntStream.range(0, number)
        .mapToObj(i -> new Partition(i * files, (i + 1) * files, bytes))
        .toList();
  }

  /** The next call of an activity, or the next effect with that name, fails. */
  void failNext(String what, RuntimeException fault) {
    faults.computeIfAbsent(what, name -> new ArrayDeque<>()).add(fault);
  }

  /** Its next call does not fail; a later one may. */
  void passNext(String what) {
    failNext(what, new NoFault());
  }

  /** Every call of an activity, or every effect with that name, fails until it is allowed again. */
  void refuse(String what, RuntimeException fault) {
    refused.put(what, fault);
  }

  void allow(String what) {
    refused.remove(what);
  }

  /** When the effect comes, it waits until the test releases it. */
  Hold hold(String effect) {
    Hold hold = new Hold();
    holds.put(effect, hold);
    return hold;
  }

  /** An effect that waits for the test to release it. */
  static final class Hold {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Waits until the effect has come. */
    void awaitReached() throws InterruptedException {
      assertThat(reached.await(1, TimeUnit.MINUTES)).isTrue();
    }

    void release() {
      released.countDown();
    }
  }

  static RuntimeException userFault(String cameBack) {
    return Failures.of(
        Problem.of(FailureKind.USER, "the test's fault", "workspace prod", cameBack, "fix it"));
  }

  static RuntimeException fatalFault(String cameBack) {
    return Failures.of(
        Problem.of(
            FailureKind.FATAL, "the test's fault", "workspace prod", cameBack, "start anew"));
  }

  void effect(String activity, String effect) {
    fail(activity);
    fail(effect);
    Hold hold = holds.remove(effect);
    if (hold != null) {
      hold.reached.countDown();
      await(hold.released);
    }
    effects.add(effect);
  }

  /** The next response of an activity is lost: it did its work, and is retried in 5 min. */
  void loseNextAnswer(String activity) {
    failNext("answer of " + activity, platformFault("no answer"));
  }

  /** Retried in 5 min. */
  static RuntimeException platformFault(String cameBack) {
    return Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            "the test's fault",
            "workspace prod",
            cameBack,
            "Portage retries."),
        Duration.ofMinutes(5));
  }

  void answer(String activity) {
    fail("answer of " + activity);
  }

  /** Fails if a fault is planned under that name. */
  void fail(String activity) {
    Deque<RuntimeException> planned = faults.get(activity);
    RuntimeException fault = planned == null ? null : planned.poll();
    if (fault == null) {
      fault = refused.get(activity);
    }
    if (fault != null && !(fault instanceof NoFault)) {
      throw fault;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  long count(String prefix) {
    return effects.stream().filter(effect -> effect.startsWith(prefix)).count();
  }

  @Override
  public CopySettings copySettings(CopyRequest request) {
    effect("copySettings", "settings of a copy");
    // A full name replaces the short one in it.
    String model = request.model().substring(request.model().lastIndexOf('.') + 1);
    return new CopySettings(
        model,
        station(request.from()),
        station(request.to()),
        "/Shared/" + model,
        request.verify() == null ? Verify.FULL : request.verify(),
        Duration.ofMinutes(10));
  }

  private static Station station(String workspace) {
    return new Station(
        workspace,
        "databricks",
        Set.of(Station.Capability.values()),
        workspace + ".ml.diabetes",
        Marking.ALIASES);
  }

  @Override
  public Settings settings(SettingsOrder order) {
    effect("settings", "settings");
    Set<Station.Capability> all = Set.of(Station.Capability.values());
    return Settings.of(
            "diabetes",
            Stream.concat(
                    Stream.of(new Station("dev", "databricks", all, "diabetes", Marking.STAGES)),
                    targets.stream()
                        .map(name ->
                            new Station(
                                name,
                                "databricks",
                                all,
                                "diabetes",
                                Marking.ALIASES,
                                names.get(name))))
                .toList(),
            "/Shared/diabetes",
            Identity.CLAIMED,
            Duration.ofMinutes(10))
        .check(checks)
        .train(trains)
        .thresholds(List.of(new Threshold("rmse", Threshold.Direction.AT_MOST, 60, 0)))
        .batch(
            scores != null
                ? BatchSettings.of(
                        scores instanceof Work.Job job ? job.job() : "diabetes-batch",
                        scores,
                        "predictions",
                        null,
                        "UTC",
                        predictionCheck)
                    .ruledBy(rules)
                : withBatch
                    ? new BatchSettings(
                            "diabetes-batch",
                            "notebooks/score.py",
                            "predictions",
                            Map.of(),
                            null,
                            "UTC",
                            Duration.ofHours(1))
                        .ruledBy(rules)
                    : null)
        .approvals(
            targets.stream()
                .collect(
                    Collectors.toMap(
                        name -> name,
                        name ->
                            new ApprovalPolicy(
                                "all", approvers, groups, expires, null, escalateTo))))
        .choice(new RunChoice(RunChoice.Best.LOWEST, "rmse"))
        .rehearsal(rehearsal)
        .evaluate(evaluates)
        .receivers(receivers)
        .concurrency(concurrency)
        .serve(serve)
        .build();
  }

  @Override
  public List<NoticeReceiver> receivers(ReceiverQuery query) {
    String registered = query.registeredAs();
    effect(
        "receivers",
        "receivers of " + query.model() + (registered == null ? "" : " or " + registered));
    List<NoticeReceiver> told = receivers;
    return told == null ? List.of() : told;
  }

  @Override
  public String deliver(NoticeOrder order) {
    effect("deliver", "tell " + order.receiver() + " " + order.notice().kind().word());
    delivered.add(order);
    answer("deliver");
    return "status 200";
  }

  @Override
  public People people(PeopleQuery query) {
    effect("people", "who is who");
    Aliases aliases = Aliases.of(people);
    Map<String, String> persons = new HashMap<>();
    query.names().forEach(name -> persons.put(name, aliases.personOf(name)));
    Map<String, List<String>> members = new HashMap<>();
    Map<String, Integer> sizes = new HashMap<>();
    Map<String, List<String>> named = new HashMap<>();
    groups.forEach((group, listed) -> {
      List<String> listedPersons = listed.stream().map(aliases::personOf).toList();
      members.put(
          group,
          query.names().stream()
              .filter(name -> listedPersons.contains(persons.get(name)))
              .toList());
      sizes.put(group, listed.size());
      named.put(
          group,
          listed.stream().filter(name -> !persons.containsValue(aliases.personOf(name))).toList());
    });
    return new People(persons, members, sizes, named);
  }

  @Override
  public TrainedRun findRun(RunSearch search) {
    effect("findRun", "find run");
    searched = search;
    return found.apply(
        trained("run-" + jobs.commits.get(Objects.requireNonNull(search.jobRun()).runId())));
  }

  /** Commit that a run says it was trained from. */
  volatile @Nullable String trainedFrom;

  TrainedRun trained(String runId) {
    TrainedRun run = untold(runId);
    Making told = making;
    return told == null ? run : run.made(told);
  }

  private TrainedRun untold(String runId) {
    return new TrainedRun(
        new ModelLocation(
            "dev",
            "1",
            runId,
            "m-1",
            "model",
            "models:/m-1",
            "mlflow-artifacts:/1/models/m-1/artifacts"),
        "/Shared/diabetes",
        "ridge",
        metrics,
        Map.of("alpha", "0.5"),
        trainedFrom,
        null);
  }

  @Override
  public TrainedRun standIn(TrainedRun run) {
    effect("standIn", "stand in for " + run.model().source());
    return run.inRun(run.model().inRun("1", "run-of-portage"), null);
  }

  @Override
  public void labelRun(RunLabels labels) {
    effect("labelRun", "label run " + labels.runId());
  }

  @Override
  public ManifestRef makeManifest(ManifestOrder order) {
    effect("makeManifest", "manifest");
    return new ManifestRef(
        DIGEST,
        "mlflow-artifacts:/1/run-1/artifacts/portage/manifest.json",
        partitions.isEmpty() ? 5 : partitions.getLast().to(),
        partitions.isEmpty() ? 4096 : partitions.stream().mapToLong(Partition::bytes).sum());
  }

  @Override
  public Optional<ManifestRef> findManifest(ManifestQuery query) {
    effect("findManifest", "find manifest " + query.digest());
    return query.digest().equals(DIGEST)
        ? Optional.of(new ManifestRef(DIGEST, query.artifactUri(), 5, 4096))
        : Optional.empty();
  }

  @Override
  public CopyPreview previewCopy(ModelLocation source) {
    effect("previewCopy", "read " + source.source());
    return new CopyPreview(5, 4096, METHODS.source());
  }

  @Override
  public CopyResult copy(CopyOrder order) {
    effect("copy", "copy " + order.key());
    if (copyGoesOn) {
      beatUntil(() -> false);
    }
    return new CopyResult(
        copiedTo(order), order.candidate().manifest().digest(), 5, 4096, 4096, null, METHODS);
  }

  private static ModelLocation copiedTo(CopyOrder order) {
    return new ModelLocation(
        order.target(),
        "9",
        "run-9",
        "m-9",
        "model",
        "models:/m-9",
        "mlflow-artifacts:/9/models/m-9/artifacts");
  }

  @Override
  public CopyPlan planCopy(CopyOrder order) {
    effect("planCopy", "plan copy " + order.key());
    return new CopyPlan(copiedTo(order), partitions);
  }

  @Override
  public PartitionResult copyPartition(PartitionOrder order) {
    Partition partition = order.partition();
    String effect = "copy files " + partition.from() + " to " + partition.to();
    effect("copyPartition", effect);
    answer(effect);
    return new PartitionResult(partition.files(), partition.bytes(), partition.bytes(), METHODS);
  }

  @Override
  public CopyResult finishCopy(FinishOrder order) {
    effect("finishCopy", "finish copy of " + order.sentBytes() + " bytes");
    ManifestRef manifest = order.order().candidate().manifest();
    return new CopyResult(
        order.model(),
        manifest.digest(),
        manifest.files(),
        manifest.bytes(),
        order.sentBytes(),
        null,
        order.methods());
  }

  @Override
  public DuplicatesRemoved removeCopyTwins(CopyDuplicates twins) {
    ModelLocation model = twins.model();
    return twins("run", twins.order().target(), model == null ? null : model.runId());
  }

  /** Sets the result of the next duplicate check, by a name such as "run in prod". */
  void planTwins(String what, DuplicatesRemoved settled) {
    twins.computeIfAbsent(what, any -> new ArrayDeque<>()).add(settled);
  }

  /** Checks for duplicates of the one that counts; returns what the test has planned. */
  DuplicatesRemoved twins(String what, String workspace, @Nullable String kept) {
    fail("twins");
    looks.add("second " + what + " in " + workspace + " beside " + kept);
    Deque<DuplicatesRemoved> planned = twins.get(what + " in " + workspace);
    DuplicatesRemoved next = planned == null ? null : planned.poll();
    return next == null ? DuplicatesRemoved.nothing() : next;
  }

  @Override
  public PredictionCount countPredictions(PredictionQuery query) {
    effect("countPredictions", "count");
    PredictionCount count = predictions;
    if (StagingTable.isOne(query.table())) {
      boolean written = theirsWriteTheirTable || jobs.theirs.isEmpty();
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
    boolean scored = count("run job") > 0 || count("run their job") > 0;
    return scored && count != null ? count : new PredictionCount(scored, 0, 0, 0);
  }

  @Override
  public Triggers findTriggers(TriggerQuery query) {
    effect("findTriggers", "look for triggers in " + query.workspace());
    answer("findTriggers");
    Triggers all = triggers.getOrDefault(query.workspace(), Triggers.none());
    return new Triggers(
        all.found().stream().filter(trigger -> query.causes(trigger.event())).toList(),
        all.notSeen());
  }

  @Override
  public Removed removeBatch(RemoveOrder order) {
    effect("removeBatch", "remove batch in " + order.workspace());
    removedBatches.add(order);
    answer("removeBatch");
    return removed;
  }

  @Override
  public RulesChecked checkPredictions(RulesQuery query) {
    effect("checkPredictions", "check the rules in " + query.workspace());
    answer("checkPredictions");
    ruleQueries.add(query);
    return new RulesChecked(ruled.getOrDefault(query.workspace(), List.of()));
  }

  @Override
  public TableShape describeTable(TableQuery query) {
    if (oldWorkers.contains(query.workspace())) {
      throw new IllegalArgumentException(
          "Activity Type \"DescribeTable\" is not registered with a worker. Known types are: x");
    }
    effect("describeTable", "describe table in " + query.workspace());
    described.add(query);
    return shapes.getOrDefault(query.workspace(), TableShape.none());
  }

  @Override
  public LiveTable prepareStaging(StagingOrder order) {
    effect("prepareStaging", "prepare table in " + order.workspace());
    staging.add(order.staging());
    prepared.add(order);
    return new LiveTable(true, 7L, null, missingColumns.isEmpty() ? null : missingColumns)
        .leaving(left);
  }

  @Override
  public LiveWrites findLiveWrites(LiveWritesQuery query) {
    effect("findLiveWrites", "look at the live table in " + query.workspace());
    return liveWrites.getOrDefault(query.workspace(), LiveWrites.none());
  }

  @Override
  public void auditStaging(StagingOrder order) {
    effect("auditStaging", "audit in " + order.workspace());
  }

  @Override
  public Published publishPredictions(PublishOrder order) {
    published.add(order);
    effect("publishPredictions", "publish in " + order.workspace());
    answer("publishPredictions");
    return new Published(false, List.of());
  }

  @Override
  public void dropStaging(DropOrder order) {
    effect("dropStaging", "drop table in " + order.workspace());
    staging.remove(order.staging());
  }

  @Override
  public Evidence evaluate(EvaluationOrder order) {
    effect("evaluate", "evaluate");
    List<GateResult> results = Gates.ask(order.input());
    Champion champion = order.input().champion();
    return new Evidence(
        order.input().target(),
        results,
        Gates.outcome(results),
        champion == null ? null : champion.version().version(),
        order.candidateDigest(),
        "plan",
        "evidence");
  }

  @Override
  public String record(ReleaseOrder order) {
    HistoryEvent event = order.event();
    if (event != null) {
      appendEvent(event.toBuilder().release(order.release()).build());
    }
    effect("record", "release " + order.release().version());
    records.put(order.runId(), order.release());
    return "mlflow-artifacts:/9/run-9/artifacts/portage/release.json";
  }

  @Override
  public Optional<Release> recorded(RecordQuery query) {
    return Optional.ofNullable(records.get(query.runId()));
  }

  @Override
  public Optional<Release> liveRelease(ModelQuery query) {
    return registry
        .champion(query)
        .flatMap(champion ->
            records.values().stream()
                .filter(release -> release.version().equals(champion.version().version()))
                .findFirst());
  }

  @Override
  public synchronized HistoryEvent appendEvent(HistoryEvent event) {
    fail("appendEvent");
    Optional<HistoryEvent> known =
        log.stream().filter(other -> other.id().equals(event.id())).findFirst();
    if (known.isEmpty()) {
      log.add(event);
    }
    return known.orElse(event);
  }

  @Override
  public HistoryPage readHistory(HistoryQuery query) {
    fail("readHistory");
    List<HistoryEvent> events =
        logOf(query.workspace(), query.model()).stream()
            .filter(event -> query.includes(event.at()))
            .toList();
    return new HistoryPage(
        events.subList(0, Math.min(query.limit(), events.size())),
        events.size() > query.limit(),
        List.of());
  }

  @Override
  public ReleaseAt releaseAt(ReleaseAtQuery query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WayBack wayBack(WayBackQuery query) {
    fail("wayBack");
    WayBack found =
        WayBack.of(logOf(query.workspace(), query.model()), false, query, unreadable)
            .quarantined(
                clearance.quarantines(QuarantineQuery.all(query.workspace(), query.model())));
    return unregistered.contains(query.model()) ? found.unregistered() : found;
  }

  private List<HistoryEvent> logOf(String workspace, String model) {
    return log.stream()
        .filter(event -> event.workspace().equals(workspace))
        .filter(event -> model.equals(event.model()))
        .sorted(HistoryEvent.NEWEST_FIRST)
        .toList();
  }

  /**
   * Stays alive in Temporal, sending heartbeats, until a condition holds or the activity must end.
   */
  static void beatUntil(BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      Activity.getExecutionContext().heartbeat(null);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  static Map<String, String> tagged(Map<String, String> tags, String key, String value) {
    Map<String, String> all = new HashMap<>(tags);
    all.put(key, value);
    return Map.copyOf(all);
  }
}
