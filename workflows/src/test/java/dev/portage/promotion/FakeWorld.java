package dev.portage.promotion;

import dev.portage.approval.People;
import dev.portage.approval.PeopleActivities;
import dev.portage.approval.PeopleQuery;
import dev.portage.candidate.ModelLocation;
import dev.portage.clearance.ClearanceRecords;
import dev.portage.copy.Verify;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.gate.EvaluationActivities;
import dev.portage.gate.EvaluationOrder;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateResult;
import dev.portage.gate.Gates;
import dev.portage.history.HistoryEvent;
import dev.portage.identity.Aliases;
import dev.portage.notice.NoticeActivities;
import dev.portage.notice.NoticeOrder;
import dev.portage.notice.NoticeReceiver;
import dev.portage.notice.ReceiverActivities;
import dev.portage.notice.ReceiverQuery;
import dev.portage.registry.Champion;
import dev.portage.registry.Marking;
import dev.portage.release.Release;
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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Workspaces in memory, for workflow tests. Any step can be made to fail. */
final class FakeWorld extends FaultyWorld
    implements SettingsActivities,
        PeopleActivities,
        dev.portage.settings.CopySettingsActivities,
        TrackingActivities,
        TriggerActivities,
        EvaluationActivities,
        ReceiverActivities,
        NoticeActivities {

  static final String DIGEST = "a".repeat(64);

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

  final FakeRegistry registry = new FakeRegistry(this);

  final FakeJobs jobs = new FakeJobs(this);

  final FakeGrants grants = new FakeGrants(this);

  final FakeEndpoints endpoints = new FakeEndpoints(this);
  final FakeScoring scoring = new FakeScoring(this);
  final FakeCopies copies = new FakeCopies(this);
  final FakeReleases releases = new FakeReleases(this);

  /** How models are served; null for not at all. */
  volatile @Nullable ServeSettings serve;

  /** Full name of the registered model in each target. */
  volatile String registered = "diabetes";

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

  /** What the search for a run reports about it. */
  volatile UnaryOperator<TrainedRun> found = UnaryOperator.identity();

  /** The last search for a run. */
  volatile @Nullable RunSearch searched;

  List<String> targets = List.of("prod");

  /** What the predictions must look like; null for no rules. */
  volatile @Nullable PredictionRules rules;

  /** What starts elsewhere, by workspace. */
  final Map<String, Triggers> triggers = new ConcurrentHashMap<>();

  /** Whether and how scoring is rehearsed; null as before rehearsals existed. */
  volatile @Nullable RehearsalSettings rehearsal;

  /** What measures candidate and champion on the same data; null for nothing. */
  volatile @Nullable Work evaluates;

  /** Who is told; null as settings were before anybody was. */
  volatile @Nullable List<NoticeReceiver> receivers = List.of();

  /** Groups that may decide from half of the time on. */
  volatile List<String> escalateTo = List.of();

  /** Time after which an undecided request counts as rejected. */
  volatile Duration expires = Duration.ofDays(14);

  /** What receivers got, in order, as often as it came. */
  final List<NoticeOrder> delivered = new CopyOnWriteArrayList<>();

  /** What targets call their things, where it differs. */
  final Map<String, WorkspaceNames> names = new ConcurrentHashMap<>();

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
                                registered,
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
  public Triggers findTriggers(TriggerQuery query) {
    effect("findTriggers", "look for triggers in " + query.workspace());
    answer("findTriggers");
    Triggers all = triggers.getOrDefault(query.workspace(), Triggers.none());
    return new Triggers(
        all.found().stream().filter(trigger -> query.causes(trigger.event())).toList(),
        all.notSeen());
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

  static Map<String, String> tagged(Map<String, String> tags, String key, String value) {
    Map<String, String> all = new HashMap<>(tags);
    all.put(key, value);
    return Map.copyOf(all);
  }
}
